import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Bench, makeBench } from './run-gateway.ts';

const adminKey = 'canary-admin-key-7f3a9c1e5b2d';

/** Pastes the curl of a greeting into a shell. */
function paste(greeting: string, env: NodeJS.ProcessEnv = {}): { success: boolean; data?: { message: string } } {
  const [command = ''] = /^ *curl .*$/m.exec(greeting) ?? [];
  return JSON.parse(execFileSync('sh', ['-c', command], { env: { PATH: process.env.PATH, ...env } }).toString());
}

describe('gateway serve', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = makeBench();
  });
  afterEach(() => bench.close());

  it('makes everything at its first start, and prints one line of JSON for programs', async () => {
    const { started, child, outcome } = await bench.serve();
    assert.match(started.address, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(started.home, bench.home);
    assert.match(started.key ?? '', /^ocg_[0-9A-Za-z]{36}$/);
    assert.equal(statSync(bench.home).mode & 0o777, 0o700);
    child.kill('SIGTERM');
    assert.equal((await outcome).stdout.trim().split('\n').length, 1);
  });

  it("starts without the platform's fetch, which it does not use", async () => {
    const loaded = "process.on('exit', () => console.error(process.moduleLoadList.join('\\n')))";
    const { child, outcome } = await bench.serve({ node: ['--import', `data:text/javascript,${loaded}`] });
    child.kill('SIGTERM');
    const { stderr } = await outcome;
    assert.match(stderr, /NativeModule http$/m);
    assert.doesNotMatch(stderr, /NativeModule internal\/deps\/undici/);
  });

  it('greets people with a key, once, and a curl that works when pasted', async () => {
    const first = bench.start(['serve']);
    const greeting = await first.prints(/Try it:\n\n.*\n/);
    const keys = greeting.match(/ocg_[0-9A-Za-z]{36}/g) ?? [];
    assert.equal(new Set(keys).size, 1);
    assert.deepEqual(paste(greeting).data?.message, 'hello');
    first.child.kill('SIGTERM');
    await first.outcome;

    const second = bench.start(['serve']);
    const again = await second.prints(/keys create/);
    assert.doesNotMatch(again, /ocg_/);
    assert.match(again, /Bearer <your key>"/);
    assert.equal(paste(again.replace('<your key>', keys[0] ?? '')).success, true);
  });

  it('never prints a key that the environment gave, not even in the log', async () => {
    const env = { GATEWAY_ADMIN_KEY: adminKey, GATEWAY_LOG_LEVEL: 'debug' };
    const running = bench.start(['serve'], { env });
    const greeting = await running.prints(/Try it:\n\n.*\n/);
    assert.match(greeting, /Bearer \$GATEWAY_ADMIN_KEY"/);
    assert.equal(paste(greeting, { GATEWAY_ADMIN_KEY: adminKey }).data?.message, 'hello');
    running.child.kill('SIGTERM');
    const { stdout, stderr } = await running.outcome;
    assert.ok(!`${stdout}${stderr}`.includes(adminKey));
    assert.match(stderr, /"operation":"createChat"/);
    for (const file of readdirSync(bench.home)) {
      assert.ok(!readFileSync(`${bench.home}/${file}`).includes(adminKey), file);
    }
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`closes and exits with 0 on ${signal}, which npm delivers twice`, async () => {
      const { child, outcome } = await bench.serve();
      child.kill(signal);
      child.kill(signal);
      const { status, signal: killedBy } = await outcome;
      assert.deepEqual([status, killedBy], [0, null]);
    });
  }

  it('says in one line that the port is taken, and keeps no key that nobody saw', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    assert.ok(address && typeof address === 'object');
    const { status, stdout, stderr } = await bench.run(['serve'], { env: { GATEWAY_PORT: String(address.port) } });
    other.close();
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, new RegExp(`^127\\.0\\.0\\.1:${address.port} is in use\\. .*GATEWAY_PORT=18791`, 'm'));
    assert.doesNotMatch(stderr, /^\s+at /m);
    assert.equal((await bench.run(['keys', 'list', '--json'])).stdout, '[]\n');
  });

  it('refuses an address that others can reach while there is no key', async () => {
    const { status, stderr } = await bench.run(['serve'], { env: { GATEWAY_HOST: '0.0.0.0' } });
    assert.equal(status, 1);
    assert.match(stderr, /^0\.0\.0\.0 can be reached from outside and there is no key yet\. .*keys create/m);
    const { started } = await bench.serve({ env: { GATEWAY_HOST: '0.0.0.0', GATEWAY_ADMIN_KEY: adminKey } });
    assert.match(started.address, /^http:\/\/0\.0\.0\.0:\d+$/);
  });

  const refused: [name: string, env: NodeJS.ProcessEnv, want: RegExp][] = [
    [
      'a port that is none',
      { GATEWAY_PORT: 'http' },
      /^The configuration does not hold:\n {2}GATEWAY_PORT must be a port/,
    ],
    [
      'a provider that is the gateway itself',
      { GATEWAY_PORT: '18790', OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'http://127.0.0.1:18790/v1' },
      /^The configuration does not hold:\n {2}OPENAI_BASE_URL is the address of the gateway itself/,
    ],
    [
      'a host that is unknown',
      { GATEWAY_HOST: 'no-such-host.invalid', GATEWAY_ADMIN_KEY: adminKey },
      /^The host to listen on is not known here\./m,
    ],
    [
      'a host that is not this machine',
      { GATEWAY_HOST: '192.0.2.1', GATEWAY_ADMIN_KEY: adminKey },
      /^This machine has no address 192\.0\.2\.1\./m,
    ],
  ];
  for (const [name, env, want] of refused) {
    it(`refuses ${name}`, async () => {
      const { status, stdout, stderr } = await bench.run(['serve'], { env });
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, want);
      assert.doesNotMatch(stderr, /^\s+at /m);
    });
  }

  it('refuses a data folder that is a file', async () => {
    writeFileSync(bench.home, '');
    const { status, stderr } = await bench.run(['serve']);
    assert.equal(status, 1);
    assert.match(stderr, /is not a folder\. Choose another one: GATEWAY_HOME\.$/m);
  });

  it('takes its settings from the file, and warns of unverified webhooks', async () => {
    mkdirSync(bench.home);
    writeFileSync(
      `${bench.home}/gateway.json5`,
      `{ gateway: { webhooks: { verifySignature: false }, providers: { echo: { models: ['parrot'] } }, models: { default: 'parrot' } } }`,
    );
    const running = bench.start(['serve']);
    const greeting = await running.prints(/Try it:\n\n.*\n/);
    assert.match(JSON.stringify(paste(greeting)), /"model":"parrot"/);
    running.child.kill('SIGTERM');
    assert.match((await running.outcome).stderr, /^Warning: webhook signatures are not verified\./m);
  });

  it('goes down with the older Node that launched it', async () => {
    const pretendOlder =
      'if (process.argv[1].endsWith("gateway.mjs")) ' +
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })';
    const older = { node: ['--import', `data:text/javascript,${encodeURIComponent(pretendOlder)}`] };
    const signalled = await bench.serve(older);
    signalled.child.kill('SIGTERM');
    assert.deepEqual((await signalled.outcome).status, 0);

    const { child, started, outcome } = await bench.serve(older);
    child.kill('SIGKILL');
    await outcome;
    while (await answers(started.address)) await nextTurn();
  });
});

async function answers(address: string): Promise<boolean> {
  return fetch(`${address}/health`).then(
    () => true,
    () => false,
  );
}
