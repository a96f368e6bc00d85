/** When a version ends its clients are told before, on every transport, and who they are is known. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { readUses } from '../../src/cli/version-uses.ts';
import { loadConfig } from '../../src/config/index.ts';
import { systemClock } from '../../src/system/clock.ts';
import { versions } from '../../src/versions/index.ts';
import type { Version } from '../../src/versions/version.ts';
import { failure } from '../support/contract.ts';
import { enterSocket, openSocket } from '../support/open-socket.ts';
import { openStream } from '../support/open-stream.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

describe('a version that ends', () => {
  const day = 86_400_000;
  const sunset = '2027-06-01';
  let offset = 0;
  // Real timers, and a calendar that turns.
  const clock = { now: () => Date.parse('2027-05-01') + offset, after: systemClock.after };
  const ending = versions.map(
    (version): Version =>
      version.family === 'v1'
        ? { ...version, deprecation: { deprecated: '2026-12-01', sunset, successor: '2026-11-01' } }
        : {
            ...version,
            retiring: {
              operations: { listChannels: { deprecated: '2027-01-01' } },
              members: { createChat: { '/seed': { deprecated: '2027-02-01', sunset: '2028-02-01' } } },
            },
          },
  );
  const folder = makeTemporaryDirectory();
  let gateway: TestGateway;
  let ann: string;

  before(async () => {
    gateway = await startGateway({ home: folder.path, parts: { clock, versions: ending } });
    ann = await gateway.makeKey({ name: 'shop' });
  });
  after(() => folder.remove());

  const ask = (path: string, headers = {}) => gateway.request('GET', path, { key: ann, headers });
  const deprecation = `@${Date.parse('2026-12-01') / 1000}`;

  it('is announced on each of its answers, refusals among them', async () => {
    const answers = [
      await ask('/api/v1/models'),
      await ask('/api/models'),
      await ask('/api/models', { 'X-API-Version': '2026-03-01' }),
      await ask('/api/v1/sessions/none'),
      await gateway.request('POST', '/api/v1/chat', { key: ann, body: { channel: 'api' } }),
    ];
    assert.deepEqual(
      answers.map(({ status, headers }) => [status, headers.deprecation, headers.sunset]),
      [200, 200, 200, 404, 400].map((status) => [status, deprecation, 'Tue, 01 Jun 2027 00:00:00 GMT']),
    );
    assert.equal(
      answers[0]?.headers.link,
      '</docs/changelog>; rel="deprecation"; type="text/html", </docs?version=2026-11-01>; rel="successor-version"',
    );
    const stream = await openStream(gateway, '/api/v1/chat', {
      key: ann,
      body: { channel: 'api', message: 'hello', stream: true },
    });
    assert.equal(stream.response.headers.deprecation, deprecation);
    await stream.all();
  });

  it('is announced in `auth_ok`', async () => {
    const socket = await openSocket(gateway);
    socket.send({ type: 'auth', token: ann });
    assert.deepEqual((await socket.next('auth_ok')).deprecation, {
      deprecatedAt: '2026-12-01T00:00:00Z',
      sunsetAt: '2027-06-01T00:00:00Z',
      successor: '2026-11-01',
    });
    await socket.close();
  });

  it('says nothing of the other one', async () => {
    const { headers } = await ask('/api/v2/models');
    assert.deepEqual([headers.deprecation, headers.sunset, headers.link], [undefined, undefined, undefined]);
    const socket = await openSocket(gateway, '/api/v2/ws');
    socket.send({ type: 'auth', token: ann });
    assert.equal((await socket.next('auth_ok')).deprecation, undefined);
    await socket.close();
  });

  it('may end in parts: an operation or a member is announced to those who use it', async () => {
    const { headers } = await ask('/api/v2/channels');
    assert.equal(headers.deprecation, `@${Date.parse('2027-01-01') / 1000}`);
    assert.equal(headers.sunset, undefined);
    const say = (more: object) =>
      gateway.request('POST', '/api/v2/chat', { key: ann, body: { input: [{ type: 'text', text: 'hi' }], ...more } });
    assert.equal((await say({})).headers.deprecation, undefined);
    const used = await say({ seed: 1 });
    assert.equal(used.headers.deprecation, `@${Date.parse('2027-02-01') / 1000}`);
    assert.equal(used.headers.sunset, 'Tue, 01 Feb 2028 00:00:00 GMT');
    assert.equal(used.headers.link, '</docs/changelog>; rel="deprecation"; type="text/html"');
  });

  it('is over after its sunset, wherever it is asked for, and the other one goes on', async () => {
    offset = 31 * day - 1;
    assert.equal((await ask('/api/v1/models')).status, 200);
    offset = 31 * day;
    for (const [path, headers] of [
      ['/api/v1/models', {}],
      ['/api/models', {}],
      ['/api/models', { 'X-API-Version': '2026-03-01' }],
    ] as const) {
      const { status, body } = await ask(path, headers);
      assert.deepEqual([status, body.error.code, body.error.supported], [410, 'GONE', ['2026-11-01']], path);
    }
    assert.equal((await ask('/api/v2/models')).status, 200);
    assert.equal((await ask('/api/models', { 'X-API-Version': '2026-11-01' })).status, 200);
    const pinned = await gateway.makeKey({ name: 'moved', apiVersion: '2026-11-01' });
    assert.equal((await gateway.request('GET', '/api/models', { key: pinned })).status, 200);
    assert.equal((await gateway.request('GET', '/health', { key: null })).status, 200);
  });

  it('is over on WebSocket too', async () => {
    const refused = new WebSocket(`${gateway.url.replace('http', 'ws')}/api/v1/ws`);
    refused.on('error', () => {});
    const [, response] = await once(refused, 'unexpected-response');
    response.setEncoding('utf8');
    const body = JSON.parse((await response.toArray()).join(''));
    assert.ok(failure['2026-03-01'].validate(body));
    assert.deepEqual([response.statusCode, body.error.code], [410, 'GONE']);

    const socket = await openSocket(gateway);
    socket.send({ type: 'auth', token: ann });
    const { code, supported } = await socket.next('error');
    assert.deepEqual([code, supported], ['GONE', ['2026-11-01']]);
    await socket.closed;

    const other = await enterSocket(gateway, ann, '/api/v2/ws');
    await other.close();
  });

  it('and who used what of it is on record', async () => {
    await gateway.close();
    const uses = await readUses(loadConfig({ GATEWAY_HOME: folder.path }));
    const counted = uses
      .filter(({ key }) => key?.name === 'shop')
      .map(({ version, operation, member, count }) => [version, operation, member ?? '', count].join(' '));
    assert.deepEqual(counted.sort(), [
      '2026-03-01 auth  1',
      '2026-03-01 createChat  1',
      '2026-03-01 getSession  1',
      '2026-03-01 listModels  4',
      '2026-11-01 auth  2',
      '2026-11-01 createChat  2',
      '2026-11-01 createChat /seed 1',
      '2026-11-01 listChannels  1',
      '2026-11-01 listModels  3',
    ]);
  });
});
