import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { answers as answersV1 } from '../../../generated/validators/2026-03-01.answers.js';
import { answers as answersV2 } from '../../../generated/validators/2026-11-01.answers.js';
import { versions } from '../../../src/versions/index.ts';
import { until } from '../../support/until.ts';
import { type Client, connect, enter } from './client.ts';
import { knock } from './knock.ts';
import { type Rig, startRig } from './rig.ts';

const dates = { v1: '2026-03-01', v2: '2026-11-01' };

/** Errors have one shape a version, so that any operation's will do. */
const isV1 = answersV1.getStatus?.['401']?.['application/json'];
const isV2 = answersV2.getStatus?.['401']?.['application/problem+json'];

describe('ws: the upgrade', () => {
  let rig: Rig;
  before(async () => {
    rig = await startRig({ settings: { maxUnauthenticatedPerAddress: 3 } });
  });
  after(() => rig.close());

  describe('the path and the header choose the version', () => {
    const table: [path: string, header: string | undefined, pin: string | undefined, version: string][] = [
      ['/ws', undefined, undefined, dates.v1],
      ['/api/ws', undefined, undefined, dates.v1],
      ['/api/v1/ws', undefined, undefined, dates.v1],
      ['/api/v2/ws', undefined, undefined, dates.v2],
      ['/ws', dates.v2, undefined, dates.v2],
      ['/api/ws', dates.v2, undefined, dates.v2],
      ['/api/v2/ws', dates.v2, undefined, dates.v2],
      ['/ws', undefined, dates.v2, dates.v2],
      ['/api/ws', dates.v1, dates.v2, dates.v1],
      ['/api/v1/ws', undefined, dates.v2, dates.v1],
    ];
    for (const [path, header, apiVersion, version] of table) {
      it(`${path}, header ${header}, pin ${apiVersion} → ${version}`, async () => {
        const { secret } = await rig.key(apiVersion ? { apiVersion } : {});
        const client = await connect(rig, path, { headers: header ? { 'x-api-version': header } : {} });
        client.send({ type: 'auth', token: secret });
        assert.deepEqual(await client.next(), { type: 'auth_ok', user: 'ann', version });
        await client.close();
      });
    }

    it('names the version in the answer to the upgrade when no later word can change it', async () => {
      assert.equal((await knock(rig, '/api/v2/ws')).headers['x-api-version'], dates.v2);
      assert.equal((await knock(rig, '/ws', { 'X-API-Version': dates.v1 })).headers['x-api-version'], dates.v1);
      assert.equal((await knock(rig, '/ws')).headers['x-api-version'], undefined);
    });

    it('says when a version will be retired', async () => {
      const [first, second] = versions;
      assert.ok(first && second);
      const deprecation = { deprecated: '2027-01-01', sunset: '2027-07-01', successor: second.date };
      const later = await startRig({ versions: [{ ...first, deprecation }, second] });
      const client = await enter(later, (await later.key()).secret, '/api/v1/ws');
      assert.deepEqual(client.frames[0]?.deprecation, {
        deprecatedAt: '2027-01-01T00:00:00Z',
        sunsetAt: '2027-07-01T00:00:00Z',
        successor: second.date,
      });
      assert.deepEqual(later.violations(), []);
      await later.close();
    });
  });

  describe('a version that is over', () => {
    const [first, second] = versions;
    const over = { deprecated: '2025-01-01', sunset: '2026-01-01', successor: dates.v2 };
    let later: Rig;
    before(async () => {
      assert.ok(first && second);
      later = await startRig({ versions: [{ ...first, deprecation: over }, second] });
    });
    after(() => later.close());

    it('is 410 GONE where path or header name it', async () => {
      assert.equal((await knock(later, '/api/v1/ws')).status, 410);
      assert.equal(JSON.parse((await knock(later, '/ws', { 'X-API-Version': dates.v1 })).body).error.code, 'GONE');
    });

    it('is GONE after `auth` where nothing names another, and nobody else is kept out', async () => {
      const client = await connect(later, '/ws');
      client.send({ type: 'auth', token: (await later.key()).secret });
      assert.equal((await client.next()).code, 'GONE');
      assert.equal((await client.closed).code, 1008);
      await enter(later, (await later.key({ apiVersion: dates.v2 })).secret, '/ws');
      await enter(later, (await later.key()).secret, '/ws', { version: dates.v2 });
    });
  });

  describe('a refusal is an HTTP answer in the envelope of its version', () => {
    const list = '2026-03-01,2026-11-01';
    const table: [string, path: string, headers: Record<string, string>, status: number, code: string][] = [
      ['an unknown path', '/wss', {}, 404, 'NOT_FOUND'],
      ['a path too long', '/ws/', {}, 404, 'NOT_FOUND'],
      ['an unknown family', '/api/v3/ws', {}, 404, 'NOT_FOUND'],
      ['an operation of REST', '/api/v1/chat', {}, 404, 'NOT_FOUND'],
      ['an unknown version', '/ws', { 'X-API-Version': '2020-01-01' }, 400, 'UNSUPPORTED_API_VERSION'],
      ['no version at all', '/api/ws', { 'X-API-Version': 'latest' }, 400, 'UNSUPPORTED_API_VERSION'],
      ['an empty version', '/api/v2/ws', { 'X-API-Version': '' }, 400, 'UNSUPPORTED_API_VERSION'],
      ['two versions', '/api/v2/ws', { 'X-API-Version': '2026-03-01' }, 400, 'VERSION_CONFLICT'],
      ['a token in the address', '/ws?token=ocg_x', {}, 400, 'INVALID_REQUEST'],
      ['a key in the address', '/api/v1/ws?key=ocg_x', {}, 400, 'INVALID_REQUEST'],
      ['a foreign origin', '/ws', { Origin: 'https://evil.example' }, 403, 'FORBIDDEN'],
      ['another protocol version', '/ws', { 'Sec-WebSocket-Version': '7' }, 400, 'INVALID_REQUEST'],
      ['no nonce', '/ws', { 'Sec-WebSocket-Key': 'short' }, 400, 'INVALID_REQUEST'],
    ];
    for (const [name, path, headers, status, code] of table) {
      it(`${name}: ${status} ${code}`, async () => {
        const answer = await knock(rig, path, headers);
        const body: { success: boolean; error: { code: string; supported?: string[] } } = JSON.parse(answer.body);
        assert.equal(answer.status, status);
        assert.ok(isV1?.(body), answer.body);
        assert.equal(body.error.code, code);
        assert.equal(answer.headers['content-type'], 'application/json');
        assert.equal(answer.headers.connection, 'close');
        assert.match(String(answer.headers['x-request-id']), /^req_\w+$/);
        if (code.endsWith('_VERSION')) assert.equal(String(body.error.supported), list);
        assert.ok(!answer.body.includes('ocg_'));
      });
    }

    it('is a problem in 2026-11-01', async () => {
      const answer = await knock(rig, '/api/v2/ws?token=x', { 'X-Request-Id': 'mine-1' });
      const body: { code: string; requestId: string } = JSON.parse(answer.body);
      assert.ok(isV2?.(body), answer.body);
      assert.equal(answer.headers['content-type'], 'application/problem+json');
      assert.equal(answer.headers['x-api-version'], dates.v2);
      assert.deepEqual([body.code, body.requestId], ['INVALID_REQUEST', 'mine-1']);
    });

    it('tells the protocol version there is (RFC 6455, 4.4)', async () => {
      assert.equal((await knock(rig, '/ws', { 'Sec-WebSocket-Version': '7' })).headers['sec-websocket-version'], '13');
    });

    it('ends with the connection, also for a client that would keep its side open', async () => {
      const client = dial({ port: rig.port, host: '127.0.0.1', allowHalfOpen: true });
      client.write('GET /wss HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      const [head] = await once(client, 'data');
      assert.match(String(head), /^HTTP\/1\.1 404 Not Found\r\n/);
      await until(() => rig.wires.at(-1)?.destroyed === true);
      client.destroy();
    });

    it('405 for another method, with the one there is', async () => {
      const answer = await knock(rig, '/ws', {}, 'POST');
      assert.deepEqual([answer.status, answer.headers.allow], [405, 'GET']);
      assert.equal(JSON.parse(answer.body).error.code, 'METHOD_NOT_ALLOWED');
    });
  });

  describe('the origin', () => {
    const own = () => `127.0.0.1:${rig.port}`;
    const table: [origin: string | (() => string) | undefined, host: string | (() => string), welcome: boolean][] = [
      [undefined, own, true],
      ['https://chat.example.com', own, true],
      [() => `http://${own()}`, own, true],
      [() => `http://localhost:${rig.port}`, () => `localhost:${rig.port}`, true],
      ['http://[::1]:18790', '[::1]:18790', true],
      ['null', own, false],
      ['', own, false],
      ['https://chat.example.com.evil.example', own, false],
      ['https://evil-chat.example.com', own, false],
      ['https://chat.example.com:8443', own, false],
      ['http://chat.example.com', own, false],
      ['https://CHAT.example.com', own, false],
      ['https://chat.example.com/', own, false],
      ['https://chat.example.com, https://evil.example', own, false],
      ['https://chat.example.com@evil.example', own, false],
      ['http://127.0.0.1:1', own, false],
      ['http://localhost', own, false],
      [() => `https://${own()}`, own, false],
      // A name of the attacker's that resolves to 127.0.0.1: origin and host agree, and it is foreign all the same.
      ['http://rebound.example:18790', 'rebound.example:18790', false],
      ['http://localhost.evil.example', 'localhost.evil.example', false],
    ];
    for (const [origin, host, welcome] of table) {
      const textOf = (value: string | (() => string)) => (typeof value === 'string' ? value : value());
      it(`${typeof origin === 'function' ? 'its own' : origin} at ${typeof host === 'string' ? host : 'its own host'} is ${welcome ? 'welcome' : 'refused'}`, async () => {
        const headers = { Host: textOf(host), ...(origin === undefined ? {} : { Origin: textOf(origin) }) };
        assert.equal((await knock(rig, '/ws', headers)).status, welcome ? 101 : 403);
      });
    }

    it('is looked for under its older name as well', async () => {
      const headers = { 'Sec-WebSocket-Version': '8', 'Sec-WebSocket-Origin': 'https://evil.example' };
      assert.equal((await knock(rig, '/ws', headers)).status, 403);
    });
  });

  describe('sockets that have not authenticated', () => {
    it('are three an address here, and the fourth gets 429 until one of them speaks or goes', async () => {
      await until(() => rig.transport.connections() === 0);
      const { secret } = await rig.key();
      const waiting: Client[] = [];
      for (let n = 0; n < 3; n += 1) waiting.push(await connect(rig));
      const refused = await knock(rig, '/ws');
      assert.equal(refused.status, 429);
      assert.match(String(refused.headers['retry-after']), /^[1-9]\d*$/);
      assert.equal(JSON.parse(refused.body).error.code, 'RATE_LIMITED');

      waiting[0]?.send({ type: 'auth', token: secret });
      await waiting[0]?.next('auth_ok');
      waiting.push(await connect(rig));
      assert.equal((await knock(rig, '/ws')).status, 429);
      await waiting[1]?.close();
      await until(() => rig.transport.connections() === 3);
      waiting.push(await connect(rig));
      assert.equal((await knock(rig, '/ws')).status, 429);
      for (const client of waiting) client.socket.terminate();
      await until(() => rig.transport.connections() === 0);
    });

    it('are a hundred an address by default', async () => {
      const usual = await startRig();
      const waiting = await Promise.all(Array.from({ length: 100 }, () => connect(usual)));
      assert.equal((await knock(usual, '/ws')).status, 429);
      assert.equal(usual.transport.connections(), waiting.length);
      await usual.close();
    });
  });

  it('is answered 503 while the gateway drains', async () => {
    const draining = await startRig();
    await draining.gateway.drain(0);
    const answer = await knock(draining, '/ws');
    assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '1']);
    assert.equal(JSON.parse(answer.body).error.code, 'SHUTTING_DOWN');
    await draining.close();
  });

  it('is counted', async () => {
    const counting = await startRig();
    const { secret } = await counting.key();
    const clients = [await enter(counting, secret), await enter(counting, secret)];
    assert.equal(counting.transport.connections(), 2);
    assert.equal(counting.gateway.status.read().webSockets, 2);
    await clients[0]?.close();
    await until(() => counting.transport.connections() === 1);
    assert.deepEqual(counting.counted.connections, [1, 2, 1]);
    assert.equal(counting.gateway.status.read().webSockets, 1);
    await counting.close();
  });
});
