import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { type Bench, makeBench } from './run-gateway.ts';

describe('gateway doctor', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = makeBench();
  });
  afterEach(() => bench.close());

  async function examine(env: NodeJS.ProcessEnv = {}) {
    const { status, stdout, stderr } = await bench.run(['doctor', '--json'], { env });
    const { healthy, findings } = JSON.parse(stdout);
    assert.equal(status, healthy ? 0 : 1, stderr);
    const lines: string[] = findings.map(
      ({ what, state, found, fix }: Record<string, string>) => `${what} ${state}: ${found}${fix ? ` | ${fix}` : ''}`,
    );
    return { healthy, lines };
  }

  async function listen(): Promise<{ server: Server; port: number }> {
    const server = createServer((socket) => socket.on('error', () => {}).end('not a gateway')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(address && typeof address === 'object');
    return { server, port: address.port };
  }

  const write = (text: string) => {
    mkdirSync(bench.home, { mode: 0o700 });
    writeFileSync(`${bench.home}/gateway.json5`, text, { mode: 0o600 });
  };

  it('finds a fresh machine healthy, and changes nothing', async () => {
    const { healthy, lines } = await examine();
    assert.equal(healthy, true);
    assert.deepEqual(lines, [
      `node ok: ${process.versions.node}`,
      'configuration ok: no file; environment and defaults hold',
      `data folder attention: ${bench.home} does not exist yet | \`npm start\` makes it.`,
      'keys attention: none yet | The first start makes one and prints it.',
      'port ok: any free one',
      'providers ok: openai has no key and is not used',
      'providers ok: anthropic has no key and is not used',
      'providers attention: only the built-in echo answers | Set OPENAI_API_KEY or ANTHROPIC_API_KEY, or name a provider in the config file.',
      'channels ok: telegram is not used',
      'channels ok: discord is not used',
      'channels ok: slack is not used',
      'channels ok: webhook is not used',
    ]);
    assert.deepEqual((await examine()).lines, lines);
  });

  it('prints for people, one mark a finding', async () => {
    const { stdout } = await bench.run(['doctor']);
    assert.match(stdout, /^✓ node {11}24\./m);
    assert.match(stdout, /^! keys {11}none yet\n {17}The first start makes one and prints it\.$/m);
  });

  it('tells every problem of a configuration that does not hold', async () => {
    write('{ gateway: { prot: 1, hots: 2 } }');
    const { healthy, lines } = await examine();
    assert.equal(healthy, false);
    assert.deepEqual(
      lines.slice(1).map((line) => line.replace(bench.home, '')),
      [
        'configuration broken: /gateway.json5:1: gateway.prot is not a setting. Did you mean `port`?',
        'configuration broken: /gateway.json5:1: gateway.hots is not a setting. Did you mean `host`?',
      ],
    );
  });

  it('sees a provider that is the gateway itself', async () => {
    const env = { GATEWAY_PORT: '7', OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'http://127.0.0.1:7/v1' };
    const { healthy, lines } = await examine(env);
    assert.equal(healthy, false);
    assert.match(lines[1] ?? '', /^configuration broken: OPENAI_BASE_URL is the address of the gateway itself/);
    write('{ gateway: {} }');
    const { status, stderr } = await bench.run(['keys', 'list'], { env });
    assert.equal(status, 0, `a command beside it does not mind: ${stderr}`);
  });

  it('sees who else can read what', async () => {
    write("{ gateway: { providers: { openai: { apiKey: 'sk-1', baseUrl: 'http://127.0.0.1:9' } } } }");
    chmodSync(bench.home, 0o755);
    chmodSync(`${bench.home}/gateway.json5`, 0o644);
    const { lines } = await examine();
    assert.ok(
      lines.includes(
        `data folder attention: other users of this machine may look into ${bench.home} | chmod 700 ${bench.home}`,
      ),
    );
    assert.ok(
      lines.includes(
        'configuration attention: other users of this machine may read the file | ' +
          `If it holds secrets: chmod 600 ${bench.home}/gateway.json5`,
      ),
    );
    assert.ok(
      lines.includes(
        'providers attention: openai cannot be reached at 127.0.0.1:9: ECONNREFUSED | Look at the network, and at its baseUrl.',
      ),
    );
  });

  it('sees a store that is no store', async () => {
    write('{ gateway: {} }');
    writeFileSync(`${bench.home}/gateway.db`, 'this is not a database, though it is long enough'.repeat(50));
    const { healthy, lines } = await examine();
    assert.equal(healthy, false);
    assert.match(
      lines.find((line) => line.startsWith('store')) ?? '',
      /^store broken: .*file is not a database.* \| Look at the disk/,
    );
  });

  it('sees the store, the keys and the gateway that runs', async () => {
    const { started } = await bench.serve();
    const { healthy, lines } = await examine({ GATEWAY_PORT: new URL(started.address).port });
    assert.equal(healthy, true);
    assert.ok(lines.includes('store ok: opens and takes writes'));
    assert.ok(lines.includes('keys ok: 1 in the store'));
    assert.ok(lines.includes(`port ok: a gateway runs on ${new URL(started.address).host}`));
  });

  it('sees that something else has the port, and reaches for providers', async () => {
    const [{ server, port }, provider] = [await listen(), await listen()];
    const baseUrl = `http://127.0.0.1:${provider.port}/v1`;
    const env = { GATEWAY_PORT: String(port), OPENAI_API_KEY: 'sk-1', OPENAI_BASE_URL: baseUrl };
    const { healthy, lines } = await examine(env);
    server.close();
    provider.server.close();
    assert.equal(healthy, false);
    assert.match(
      lines.find((line) => line.startsWith('port')) ?? '',
      new RegExp(`^port broken: 127\\.0\\.0\\.1:${port} is in use\\.`),
    );
    assert.ok(lines.includes(`providers ok: openai can be reached at 127.0.0.1:${provider.port}`));
  });

  it('sees half a channel, a default model without a provider, and an open door', async () => {
    write(`{ gateway: {
      host: '0.0.0.0',
      models: { default: 'gpt-4o' },
      channels: { telegram: { botToken: '1:x' }, slack: { user: 'shop' } },
      providers: { mine: { type: 'anthropic', models: ['claude'] } },
    } }`);
    const { healthy, lines } = await examine();
    assert.equal(healthy, false);
    for (const line of [
      'channels attention: telegram is inactive: it lacks webhookSecret | Add it to gateway.channels.telegram.',
      'channels ok: slack is not used',
      'keys broken: none yet, and 0.0.0.0 can be reached from outside | `npm run gateway -- keys create` makes one.',
      'providers attention: mine has no key and is not used | Give gateway.providers.mine its apiKey.',
      'providers broken: no configured provider serves the default model gpt-4o | Configure one that does, or choose another gateway.models.default.',
    ]) {
      assert.ok(lines.includes(line), line);
    }
  });

  it('sees packages that are not there, that fit, and that do not', async () => {
    write(`{ gateway: { providers: {
      gemini: { type: 'ai-sdk', package: '@ai-sdk/not-there', models: ['a'] },
      fits: { type: 'ai-sdk', package: '@ai-sdk/openai', models: ['b'], settings: { apiKey: 'sk-1' } },
      other: { type: 'ai-sdk', package: 'express', models: ['c'] },
    } } }`);
    const { healthy, lines } = await examine();
    assert.equal(healthy, false);
    for (const line of [
      `providers attention: gemini is not used: the package @ai-sdk/not-there is not installed | npm install --prefix ${bench.home} @ai-sdk/not-there`,
      "providers ok: fits uses the package @ai-sdk/openai, version v4 of the AI SDK's interface",
      'providers broken: gateway.providers.other.package: the package express is not a provider of the AI SDK: it exports no function `create…`. | The gateway does not start before this is mended.',
    ]) {
      assert.ok(lines.includes(line), `${line}\n${lines.join('\n')}`);
    }
  });
});
