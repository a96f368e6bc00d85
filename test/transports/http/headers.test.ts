/** Headers that answers carry, beyond what the observer holds every one to. */
import assert from 'node:assert/strict';
import { routes } from '../../../generated/operations.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';

describe('headers', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway.close());

  describe('X-Request-Id', () => {
    it('is the client’s own where that is harmless', async () => {
      for (const id of ['a', 'order:4711', 'x'.repeat(128), '01JK.a_b-c']) {
        const { headers } = await gateway.request('GET', '/health', { headers: { 'X-Request-Id': id } });
        assert.equal(headers['x-request-id'], id);
      }
    });

    it('is made where it is not, another for each request', async () => {
      const ids = new Set<string>();
      for (const id of ['', ' ', 'a b', '<b>', 'é', 'x'.repeat(129), undefined]) {
        const headers: Record<string, string> = id === undefined ? {} : { 'X-Request-Id': id };
        const answer = await gateway.request('GET', '/health', { headers });
        ids.add(answer.headers['x-request-id'] ?? '');
      }
      assert.equal(ids.size, 7);
      for (const id of ids) assert.match(id, /^req_[0-9a-f]{16}[0-9a-z]+$/);
    });

    it('finds the request in the log', async () => {
      await gateway.request('GET', '/api/status', { headers: { 'X-Request-Id': 'find-me' } });
      const line = gateway.logged.find(({ fields }) => fields.requestId === 'find-me');
      assert.equal(line?.fields.operation, 'getStatus');
      assert.equal(line?.fields.status, 200);
    });
  });

  describe('X-RateLimit', () => {
    it('counts down, and what is over the limit is 429 with the time to wait', async () => {
      const key = await gateway.makeKey({ limits: { requestsPerMinute: 3 } });
      const remaining: unknown[] = [];
      for (let count = 0; count < 3; count += 1) {
        const { status, headers } = await gateway.request('GET', '/api/status', { key });
        assert.equal(status, 200);
        assert.equal(headers['x-ratelimit-limit'], '3');
        remaining.push(headers['x-ratelimit-remaining']);
      }
      assert.deepEqual(remaining, ['2', '1', '0']);
      const { status, headers, body } = await gateway.request('GET', '/api/status', { key });
      assert.equal(status, 429);
      assert.equal(body.error.message, 'Too many requests, please try again later', 'as the source has it');
      const wait = Number(headers['x-ratelimit-reset']) - Date.now() / 1000;
      assert.ok(wait > 0 && wait <= 61, `the window ends in ${wait} s`);
      assert.ok(Math.abs(Number(headers['retry-after']) - wait) <= 2, 'Retry-After says the same');
    });

    it('counts refused requests like answered ones', async () => {
      const key = await gateway.makeKey({ limits: { requestsPerMinute: 10 }, scopes: ['chat'] });
      const before = await gateway.request('GET', '/api/models', { key });
      await gateway.request('GET', '/api/status', { key });
      await gateway.request('POST', '/api/chat', { key, body: {} });
      const after = await gateway.request('GET', '/api/models', { key });
      assert.equal(Number(before.headers['x-ratelimit-remaining']) - Number(after.headers['x-ratelimit-remaining']), 3);
    });

    it('is one ledger for every path and version', async () => {
      const key = await gateway.makeKey({ limits: { requestsPerMinute: 4 } });
      const seen: unknown[] = [];
      for (const path of ['/api/status', '/api/v1/status', '/api/v2/status', '/health/detailed']) {
        seen.push((await gateway.request('GET', path, { key })).headers['x-ratelimit-remaining']);
      }
      assert.deepEqual(seen, ['3', '2', '1', '0']);
    });
  });

  it('wrong keys are limited by address, a good key at that address is not', async () => {
    const strict = await startGateway({ settings: { limits: { requestsPerMinute: 100, authFailuresPerMinute: 3 } } });
    const statuses: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      statuses.push((await strict.request('GET', '/api/status', { key: `wrong-${count}` })).status);
    }
    assert.deepEqual(statuses, [401, 401, 401, 429, 429]);
    assert.equal((await strict.request('GET', '/api/status')).status, 200);
    await strict.close();
  });

  describe('X-API-Version', () => {
    it('is chosen by path, then header, then the key’s pin, then the default', async () => {
      const pinned = await gateway.makeKey({ apiVersion: '2026-11-01' });
      const chosen = async (path: string, headers: Record<string, string>, key?: string) =>
        (await gateway.request('GET', path, { headers, key })).headers['x-api-version'];
      const newest = { 'X-API-Version': '2026-11-01' };
      const oldest = { 'X-API-Version': '2026-03-01' };
      assert.equal(await chosen('/api/status', {}), '2026-03-01');
      assert.equal(await chosen('/api/status', newest), '2026-11-01');
      assert.equal(await chosen('/api/status', {}, pinned), '2026-11-01');
      assert.equal(await chosen('/api/status', oldest, pinned), '2026-03-01');
      assert.equal(await chosen('/api/v1/status', {}, pinned), '2026-03-01');
      assert.equal(await chosen('/api/v2/status', newest), '2026-11-01');
    });

    it('of an unknown or contradicting one is the default, with what there is', async () => {
      for (const headers of [{ 'X-API-Version': '2020-01-01' }, { 'X-API-Version': '2026-03-01' }]) {
        const { status, headers: given, body } = await gateway.request('GET', '/api/v2/status', { headers });
        assert.equal(status, 400);
        assert.equal(given['x-api-version'], '2026-03-01');
        assert.deepEqual(body.error.supported, ['2026-03-01', '2026-11-01']);
      }
    });
  });

  describe('Allow', () => {
    for (const [path, methods] of Object.entries({ ...routes.root, ...prefixed('/api', routes['2026-11-01']) })) {
      it(`names what ${path} takes`, async () => {
        const taken = Object.keys(methods).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
        const { status, headers } = await gateway.request('PATCH', path.replace('{id}', 'x'));
        assert.equal(status, 405);
        assert.deepEqual((headers.allow ?? '').split(', ').sort(), taken.sort());
      });
    }
  });

  it('Cache-Control lets documents be kept and nothing else', async () => {
    for (const path of ['/docs', '/docs/redoc.standalone.js', '/openapi.yaml', '/config.schema.json']) {
      assert.equal((await gateway.request('GET', path)).headers['cache-control'], 'public, max-age=60', path);
    }
    for (const path of [
      '/health',
      '/health/ready',
      '/health/detailed',
      '/metrics',
      '/api/sessions',
      '/api/keys',
      '/nope',
    ]) {
      assert.equal((await gateway.request('GET', path)).headers['cache-control'], 'no-store', path);
    }
  });

  it('pages run no script but their own, in nobody’s frame', async () => {
    for (const path of ['/docs', '/docs/async', '/docs/changelog']) {
      const { headers } = await gateway.request('GET', path);
      assert.match(headers['content-security-policy'] ?? '', /script-src 'self';.*frame-ancestors 'none'/, path);
      assert.equal(headers['referrer-policy'], 'no-referrer');
    }
  });

  it('tell nobody what they are made with', async () => {
    const { headers } = await gateway.request('GET', '/health');
    assert.equal(headers['x-powered-by'], undefined);
    assert.equal(headers.server, undefined);
    assert.equal(headers.etag, undefined);
  });

  it('Idempotent-Replayed tells of an answer that was given before', async () => {
    const headers = { 'Idempotency-Key': 'order-4711' };
    const body = { channel: 'api', message: 'hello', sessionId: 'orders' };
    const first = await gateway.request('POST', '/api/chat', { headers, body });
    const again = await gateway.request('POST', '/api/chat', { headers: { 'Idempotency-Key': '"order-4711"' }, body });
    assert.equal(first.headers['idempotent-replayed'], undefined);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assert.deepEqual(again.body.data, first.body.data);
    const messages = await gateway.request('GET', '/api/sessions/orders/messages');
    assert.equal(messages.body.data.messages.length, 2, 'and there is no second turn');
  });
});

function prefixed<Value>(prefix: string, table: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(table).map(([path, value]) => [prefix + path, value]));
}
