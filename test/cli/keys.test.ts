import { strict as assert } from 'node:assert';
import { existsSync, writeFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Bench, makeBench } from './run-gateway.ts';

describe('gateway keys', () => {
  let bench: Bench;
  before(() => {
    bench = makeBench();
  });
  after(() => bench.close());

  const json = async (...args: string[]) => JSON.parse((await bench.run([...args, '--json'])).stdout);

  it('looks for keys without making a data folder', async () => {
    for (const args of [['list'], ['revoke', 'key_1'], ['rotate', 'key_1']]) {
      const { status, stdout, stderr } = await bench.run(['keys', ...args]);
      assert.deepEqual([status, stdout], [1, '']);
      assert.equal(
        stderr,
        `There is no data folder ${bench.home} yet. \`npm start\` makes it, and so does \`keys create\`.\n`,
      );
    }
    assert.ok(!existsSync(bench.home));
  });

  it('makes a key and prints nothing else on stdout', async () => {
    const { status, stdout, stderr } = await bench.run(['keys', 'create']);
    assert.equal(status, 0);
    assert.match(stdout, /^ocg_[0-9A-Za-z]{36}\n$/);
    assert.match(stderr, /^key_\w+ \(made at the command line\) of admin\. It is shown this once:\n$/);
  });

  it('makes a key to measure', async () => {
    const options =
      '--name shop --user shop --scopes chat,sessions --models echo --requests-per-minute 7 --expires 30d ' +
      '--api-version 2026-03-01';
    const made = await json('keys', 'create', ...options.split(' '));
    const { id, key, prefix, createdAt, expiresAt, ...rest } = made;
    assert.equal(prefix, key.slice(0, 8));
    assert.equal(Date.parse(expiresAt) - Math.round(Date.parse(createdAt) / 60_000) * 60_000 > 29 * 86_400_000, true);
    assert.deepEqual(rest, {
      name: 'shop',
      user: 'shop',
      scopes: ['chat', 'sessions'],
      limits: { requestsPerMinute: 7 },
      models: ['echo'],
      apiVersion: '2026-03-01',
    });
  });

  it('lists what there is, and never a key', async () => {
    const { stdout } = await bench.run(['keys', 'list']);
    const [head, ...rows] = stdout.trimEnd().split('\n');
    assert.match(head ?? '', /^ID +PREFIX +USER +SCOPES +STATE +MADE +SPENT IN USD +NAME$/);
    assert.equal(rows.length, 2);
    assert.match(
      rows.join('\n'),
      /^key_\w+ +ocg_\w{4} +shop +chat,sessions +until \d{4}-\d\d-\d\d +\d{4}-\d\d-\d\d +shop$/m,
    );
    assert.doesNotMatch(stdout + (await bench.run(['keys', 'list', '--json'])).stdout, /ocg_\w{5}|hash/);
  });

  it('is felt by a running gateway', async () => {
    writeFileSync(`${bench.home}/gateway.json5`, '{ gateway: { limits: { authFailuresPerMinute: 1000000 } } }');
    const { started } = await bench.serve();
    const ask = async (key: string) =>
      (await fetch(`${started.address}/api/models`, { headers: { authorization: `Bearer ${key}` } })).status;
    const becomes = async (key: string, status: number) => {
      while ((await ask(key)) !== status) await nextTurn();
    };
    const made = await json('keys', 'create', '--name', 'guest', '--scopes', 'chat');
    await becomes(made.key, 200);

    const rotated = await json('keys', 'rotate', made.id);
    assert.equal(rotated.id, made.id);
    assert.notEqual(rotated.key, made.key);
    await becomes(rotated.key, 200);
    assert.equal(await ask(made.key), 401);

    const again = await json('keys', 'rotate', made.id, '--grace-seconds', '3600');
    await becomes(again.key, 200);
    assert.equal(await ask(rotated.key), 200);

    const { status, stdout, stderr } = await bench.run(['keys', 'revoke', made.id]);
    assert.deepEqual([status, stdout, stderr], [0, '', `${made.id} (guest) is revoked.\n`]);
    await becomes(again.key, 401);
    const listed: { id: string; revokedAt?: string }[] = await json('keys', 'list');
    assert.ok(listed.find(({ id }) => id === made.id)?.revokedAt);
  });

  const failures: [args: string, want: string][] = [
    ['revoke key_none', 'There is no key key_none.\n'],
    ['rotate key_none', 'There is no key key_none.\n'],
    [
      'create --scopes chat,chart',
      'There is no scope chart. There are chat, sessions, channels, webhooks, status, usage, keys, admin.\n',
    ],
    ['create --api-version 2020-01-01', 'There is no version 2020-01-01. There are 2026-03-01, 2026-11-01.\n'],
    ['create --user -x', '--user must be letters, digits and . _ : @ -.\n'],
    [
      'create --expires yesterday',
      '--expires must be a date such as 2027-01-31, or a time from now such as 12h or 30d.\n',
    ],
    ['create --expires 2020-01-01', 'The request does not fit the contract: /expiresAt must be in the future.\n'],
  ];
  it('refuses what makes no sense, and says why', async () => {
    const outcomes = await Promise.all(failures.map(([args]) => bench.run(['keys', ...args.split(' ')])));
    assert.deepEqual(
      outcomes.map(({ status, stdout, stderr }) => [status, stdout, stderr]),
      failures.map(([, want]) => [1, '', want]),
    );
  });

  for (const args of [
    'create --requests-per-minute 0',
    'create --scopes chat,,',
    'rotate',
    'rotate x --grace-seconds -1',
  ]) {
    it(`does not understand ${args}`, async () => {
      const { status, stdout, stderr } = await bench.run(['keys', ...args.split(' ')]);
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /^error: .*\n[\s\S]*`npm run gateway -- --help` shows what there is\.\n$/);
    });
  }
});
