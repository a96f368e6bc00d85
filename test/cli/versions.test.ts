import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import { createSqliteStore } from '../../src/storage/sqlite/index.ts';
import { systemClock } from '../../src/system/clock.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { createRecordingMetrics } from '../support/recording-metrics.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
import { type Bench, makeBench } from './run-gateway.ts';

interface Document {
  info: { version: string };
  paths: Record<string, unknown>;
  components: { schemas: Record<string, { properties: Record<string, object>; required: string[] }> };
}

const released = 'generated/specs/openapi.2026-03-01.json';

describe('gateway versions', () => {
  let bench: Bench;
  let folder: ReturnType<typeof makeTemporaryDirectory>;
  let shop: { id: string; prefix: string; key: string };
  before(async () => {
    bench = makeBench();
    folder = makeTemporaryDirectory();
  });
  after(async () => {
    await bench.close();
    folder.remove();
  });

  /** A copy of a document of today, changed. */
  function changed(name: string, change: (document: Document) => void, from = released): string {
    const document: Document = JSON.parse(readFileSync(from, 'utf8'));
    change(document);
    const file = `${folder.path}/${name}.json`;
    writeFileSync(file, JSON.stringify(document));
    return file;
  }

  it('knows of no use, and makes no data folder to look for some', async () => {
    const { status, stdout, stderr } = await bench.run(['versions', 'usage']);
    assert.deepEqual([status, stdout], [0, '']);
    assert.match(stderr, /^Nothing of that was used so far\./);
    const file = changed('none', ({ paths }) => delete paths['/api/v1/models']);
    assert.match((await bench.run(['versions', 'diff', released, file])).stderr, /^\nNo key has used any of this/);
    assert.ok(!existsSync(bench.home));
  });

  describe('after some use', () => {
    before(async function () {
      // Six commands, each a process of its own.
      this.timeout(60_000);
      const make = async (name: string) =>
        JSON.parse((await bench.run(['keys', 'create', '--name', name, '--user', name, '--json'])).stdout);
      const [bot, gone] = [await make('bot'), await make('gone')];
      shop = await make('shop');
      const { started, child, outcome } = await bench.serve({
        env: { GATEWAY_ADMIN_KEY: 'a-key-of-the-operator-only' },
      });
      const ask = (key: string, path: string, init: RequestInit = {}) =>
        fetch(`${started.address}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
      const say = (body: object) => ({
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
      await ask(shop.key, '/api/models');
      await ask(shop.key, '/api/v1/models');
      await ask(shop.key, '/api/v1/chat', say({ channel: 'api', message: 'hello' }));
      // What is refused used nothing.
      await ask(shop.key, '/api/v1/chat', say({ channel: 'api' }));
      await ask(bot.key, '/api/v2/models');
      await ask(gone.key, '/api/models');
      await ask('a-key-of-the-operator-only', '/api/sessions');
      const socket = new WebSocket(`${started.address.replace('http', 'ws')}/ws`);
      await once(socket, 'open');
      socket.send(JSON.stringify({ type: 'auth', token: bot.key }));
      await once(socket, 'message');
      socket.close();
      await once(socket, 'close');
      child.kill('SIGTERM');
      await outcome;
      await bench.run(['keys', 'revoke', gone.id]);
    });

    it('lists who used what, how often and when last', async () => {
      const { status, stdout } = await bench.run(['versions', 'usage']);
      assert.equal(status, 0);
      const [head, ...rows] = stdout.trimEnd().split('\n');
      assert.match(head ?? '', /^VERSION +OPERATION +MEMBER +COUNT +LAST USE +USER +PREFIX +ID +KEY$/);
      const told = rows.map((row) => row.split(/ {2,}/)).map((cells) => [...cells.slice(0, 3), cells[4], cells.at(-1)]);
      assert.deepEqual(told.toSorted(), [
        ['2026-03-01', 'auth', '1', 'bot', 'bot'],
        ['2026-03-01', 'createChat', '1', 'shop', 'shop'],
        ['2026-03-01', 'listModels', '1', 'gone', 'gone (not good any more)'],
        ['2026-03-01', 'listModels', '2', 'shop', 'shop'],
        ['2026-03-01', 'listSessions', '1', 'admin', 'GATEWAY_ADMIN_KEY'],
        ['2026-11-01', 'listModels', '1', 'bot', 'bot'],
      ]);
      assert.match(rows[0] ?? '', / \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ /);
      assert.ok(!stdout.includes(shop.key));
    });

    it('lists only what is asked for, as JSON too', async () => {
      const usage = async (...args: string[]) =>
        JSON.parse((await bench.run(['versions', 'usage', '--json', ...args])).stdout);
      const [newer, ...rest] = await usage('--version', '2026-11-01');
      assert.deepEqual([newer.operation, newer.key.name, newer.key.live, rest], ['listModels', 'bot', true, []]);
      const named = await Promise.all([shop.id, shop.prefix, 'shop'].map((name) => usage('--key', name)));
      assert.deepEqual(
        named.map(({ length }) => length),
        [2, 2, 2],
      );
      const [models] = (await usage('--key', 'gone', '--version', '2026-03-01')) as Record<string, unknown>[];
      assert.deepEqual(Object.keys(models ?? {}), ['key', 'user', 'version', 'operation', 'count', 'usedAt']);
      assert.deepEqual(await usage('--key', 'nobody'), []);
    });

    it('says that nothing breaks where nothing does', async () => {
      const file = changed('added', ({ paths, components: { schemas } }) => {
        paths['/api/v1/notes'] = {};
        Object.assign(schemas.ChatAnswer?.properties ?? {}, { mood: { type: 'string' } });
        Object.assign(schemas.ChatRequest?.properties ?? {}, { mood: { type: 'string' } });
      });
      const { status, stdout, stderr } = await bench.run(['versions', 'diff', released, file]);
      assert.deepEqual([status, stdout, stderr], [0, '', 'Nothing breaks for clients of 2026-03-01.\n']);
    });

    it('says what breaks, and which keys use it, but for those that are not good any more', async () => {
      const file = changed('broken', ({ paths, components: { schemas } }) => {
        delete paths['/api/v1/models'];
        delete paths['/api/v1/status'];
        schemas.ChatRequest?.required.push('model');
      });
      const { status, stdout, stderr } = await bench.run(['versions', 'diff', released, file]);
      assert.deepEqual([status, stderr], [1, '']);
      const [what, keys] = stdout.split('\n\nOne key uses what breaks:\n\n');
      assert.equal(
        what,
        'POST /api/v1/chat\n  request /model must be there now\nGET /api/v1/models\n  is gone\nGET /api/v1/status\n  is gone',
      );
      const [head, row, ...rest] = (keys ?? '').trimEnd().split('\n');
      assert.match(head ?? '', /^LAST USE +USER +PREFIX +ID +KEY +USES$/);
      assert.match(row ?? '', /^\d{4}-\d\d-\d\d +shop +ocg_\w{4} +key_\w{26} +shop +createChat, listModels$/);
      assert.deepEqual(rest, []);
    });

    it('says the same as JSON, break by break', async () => {
      const file = changed('broken-too', ({ paths }) => {
        delete paths['/api/v1/models'];
        delete paths['/api/v1/sessions'];
      });
      const { status, stdout } = await bench.run(['versions', 'diff', released, file, '--json']);
      const { version, breaks, keys } = JSON.parse(stdout);
      assert.deepEqual([status, version], [1, '2026-03-01']);
      assert.deepEqual(breaks, [
        {
          operation: 'listModels',
          place: 'GET /api/v1/models',
          side: 'access',
          pointer: '',
          message: 'is gone',
          keys: [shop.id],
        },
        {
          operation: 'listSessions',
          place: 'GET /api/v1/sessions',
          side: 'access',
          pointer: '',
          message: 'is gone',
          keys: ['key:environment'],
        },
      ]);
      const names: { name: string }[] = keys;
      assert.deepEqual(names.map(({ name }) => name).sort(), ['GATEWAY_ADMIN_KEY', 'shop']);
    });

    it('looks at frames as well, and at those who open sockets', async () => {
      const from = 'generated/specs/asyncapi.2026-03-01.json';
      const file = changed('frames', ({ components: { schemas } }) => delete schemas.DoneFrame?.properties.usage, from);
      const { stdout } = await bench.run(['versions', 'diff', from, file]);
      assert.match(stdout, /^frame done\n {2}answer \/usage is gone\n\nOne key uses .*\n\n.*\n.* bot +auth\n$/);
    });

    it('counts a deprecated member by itself, so that only those who send it are named', async () => {
      const old = changed('deprecated', ({ components: { schemas } }) =>
        Object.assign(schemas.ChatRequest?.properties.model ?? {}, { deprecated: true }),
      );
      const file = changed('without', ({ components: { schemas } }) => delete schemas.ChatRequest?.properties.model);
      const keys = async () =>
        JSON.parse((await bench.run(['versions', 'diff', old, file, '--json'])).stdout).breaks.map(
          (one: { pointer: string; keys: string[] }) => [one.pointer, one.keys],
        );
      assert.deepEqual(await keys(), [['/model', []]]);
      const store = createSqliteStore({
        directory: bench.home,
        clock: systemClock,
        log: createRecordingLog(),
        metrics: createRecordingMetrics(),
        recover: false,
      });
      await store.open(Date.now());
      const use = { keyId: shop.id, user: 'shop', version: '2026-03-01', operation: 'createChat' };
      await store.addVersionUse([{ ...use, member: '/model', count: 3, usedAt: Date.now() }]);
      await store.close();
      assert.deepEqual(await keys(), [['/model', [shop.id]]]);
      assert.match((await bench.run(['versions', 'usage', '--key', 'shop'])).stdout, / createChat +\/model +3 /);
    });
  });

  const refusals: [args: string[], want: RegExp][] = [
    [['absent.json', released], /^absent\.json cannot be read\. A running gateway gives its documents at /],
    [['README.md', released], /^README\.md is not JSON\./],
    [[released, 'package.json'], /^package\.json is no OpenAPI or AsyncAPI document\.\n$/],
    [[released, 'generated/specs/asyncapi.2026-03-01.json'], /^One is an OpenAPI document and the other /],
  ];
  for (const [args, want] of refusals) {
    it(`refuses to compare ${args.join(' with ')}`, async () => {
      const { status, stdout, stderr } = await bench.run(['versions', 'diff', ...args]);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, want);
    });
  }
});
