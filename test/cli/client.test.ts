import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type Bench, makeBench, type Served } from './run-gateway.ts';

/** A provider that says one word and then nothing. */
async function startSlowProvider() {
  const left = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    if (request.method === 'GET') return response.setHeader('content-type', 'application/json').end('{"data":[]}');
    const chunk = {
      id: 'c1',
      object: 'chat.completion.chunk',
      model: 'gpt-4o',
      choices: [{ index: 0, delta: { content: 'first' } }],
    };
    response.setHeader('content-type', 'text/event-stream').write(`data: ${JSON.stringify(chunk)}\n\n`);
    response.on('close', left.resolve);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    left: left.promise,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('a client of the running gateway', () => {
  let bench: Bench;
  let served: Served;
  let env: NodeJS.ProcessEnv;
  let slowProvider: Awaited<ReturnType<typeof startSlowProvider>>;
  before(async () => {
    bench = makeBench();
    slowProvider = await startSlowProvider();
    served = await bench.serve({ env: { OPENAI_API_KEY: 'sk-1', OPENAI_BASE_URL: slowProvider.baseUrl } });
    env = { GATEWAY_KEY: served.started.key, GATEWAY_PORT: new URL(served.started.address).port };
  });
  after(async () => {
    await bench.close();
    slowProvider.close();
  });

  describe('gateway status', () => {
    it('finds the gateway by its configuration and shows how it is', async () => {
      const { status, stdout, stderr } = await bench.run(['status'], { env });
      assert.deepEqual([status, stderr], [0, '']);
      assert.ok(stdout.startsWith(`${served.started.address}\n`));
      assert.match(stdout, /^ {2}status {17}ok$/m);
      assert.match(stdout, /^ {2}providers echo {9}connected$/m);
      assert.match(stdout, /^ {2}memory used {12}\d+MB$/m);
      assert.match(stdout, /^ {2}runs active {12}0$/m);
    });

    it('tells programs in JSON', async () => {
      const { stdout } = await bench.run(['status', '--json', '--url', served.started.address], { env });
      const { address, status, state, providers } = JSON.parse(stdout);
      assert.deepEqual([address, status, state, providers.echo], [served.started.address, 'ok', 'ok', 'connected']);
    });

    it('shows a key without the scope what it may see', async () => {
      const made = await bench.run(['keys', 'create', '--scopes', 'chat']);
      const ask = () => bench.run(['status', '--json'], { env: { ...env, GATEWAY_KEY: made.stdout.trim() } });
      let outcome = await ask();
      while (outcome.status !== 0) outcome = await ask();
      const all = JSON.parse(outcome.stdout);
      assert.deepEqual([all.status, all.runs], ['ok', undefined]);
    });
  });

  describe('gateway chat', () => {
    it('prints the answer, and what else there is to know on stderr', async () => {
      const { status, stdout, stderr } = await bench.run(
        ['chat', 'good', 'morning', '--session', 'notes', '--model', 'echo'],
        { env },
      );
      assert.deepEqual([status, stdout], [0, 'good morning\n']);
      assert.match(stderr, /^notes · echo · \d+ tokens\n$/);
    });

    it('takes the message from stdin', async () => {
      const { stdout } = await bench.run(['chat', '--model', 'echo'], { env, input: 'two\nlines\n' });
      assert.equal(stdout, 'two\nlines\n');
    });

    it('fails when the answer does', async () => {
      const { status, stdout, stderr } = await bench.run(['chat', 'hello', '--model', 'none'], { env });
      assert.deepEqual([status, stdout.trim()], [1, '']);
      assert.match(stderr, /There is no model none/);
    });

    it('prints what comes when it comes, and leaves when it is interrupted', async () => {
      const { child, prints, outcome } = bench.start(['chat', 'hello', '--model', 'gpt-4o'], { env });
      assert.equal(await prints(/first/), 'first');
      child.kill('SIGINT');
      await slowProvider.left;
      const { status, signal, stdout } = await outcome;
      assert.deepEqual([status, signal, stdout.trim()], [130, null, 'first']);
    });
  });

  for (const command of [['status'], ['chat', 'hello']]) {
    describe(`gateway ${command[0]}, when it cannot`, () => {
      it('wants a key', async () => {
        const { status, stderr } = await bench.run([...command, '--url', served.started.address]);
        assert.equal(status, 1);
        assert.match(stderr, /key.* Set GATEWAY_KEY/);
      });

      it('says that a key is not accepted', async () => {
        const { status, stderr } = await bench.run([...command, '--key', 'wrong', '--url', served.started.address]);
        assert.equal(status, 1);
        assert.match(stderr, /^The gateway does not accept this key\. .*keys list/);
        assert.doesNotMatch(stderr, /^\s+at /m);
      });

      it('says that nothing listens', async () => {
        const { status, stderr } = await bench.run([...command, '--url', 'http://127.0.0.1:9'], { env });
        assert.equal(status, 1);
        assert.match(stderr, /^No gateway answers at http:\/\/127\.0\.0\.1:9/);
      });

      it('says that something else listens', async () => {
        const server = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1');
        await once(server, 'listening');
        const address = server.address();
        assert.ok(address && typeof address === 'object');
        const { status, stderr } = await bench.run([...command, '--url', `http://127.0.0.1:${address.port}`], { env });
        server.close();
        assert.equal(status, 1);
        assert.match(stderr, /^No gateway answers at/);
      });

      it('does not take an address that is none', async () => {
        const { status, stderr } = await bench.run([...command, '--url', 'ftp:x'], { env });
        assert.deepEqual(
          [status, stderr],
          [1, 'ftp:x is not the address of a gateway. Write it like http://127.0.0.1:18790.\n'],
        );
      });

      it('does not guess a port', async () => {
        const { status, stderr } = await bench.run(command, { env: { ...env, GATEWAY_PORT: '0' } });
        assert.equal(status, 1);
        assert.match(stderr, /^The configuration says any free port\./);
      });
    });
  }
});
