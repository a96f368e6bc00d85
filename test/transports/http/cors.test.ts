import assert from 'node:assert/strict';
import { openStream } from '../../support/open-stream.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';

describe('other origins', () => {
  const friend = 'https://app.example';
  let gateway: TestGateway;
  let closed: TestGateway;
  before(async () => {
    gateway = await startGateway({ settings: { origins: [friend, 'http://localhost:5173'] } });
    closed = await startGateway();
  });
  after(() => Promise.all([gateway.close(), closed.close()]));

  const preflight = (origin: string, at = gateway) =>
    at.request('OPTIONS', '/api/chat', {
      key: null,
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type,x-stainless-lang',
      },
    });

  it('on the list may ask, with the headers they name', async () => {
    const { status, headers, text } = await preflight(friend);
    assert.equal(status, 204);
    assert.equal(text, '');
    assert.equal(headers['content-length'], undefined, 'RFC 9110, section 8.6');
    assert.equal(headers['access-control-allow-origin'], friend);
    assert.equal(headers['access-control-allow-headers'], 'authorization,content-type,x-stainless-lang');
    assert.match(headers['access-control-allow-methods'] ?? '', /POST/);
    assert.equal(headers['access-control-allow-credentials'], undefined);
    assert.equal(headers.vary, 'Origin');
  });

  for (const [name, origin] of [
    ['another host', 'https://evil.example'],
    ['another scheme', 'http://app.example'],
    ['another port', 'https://app.example:444'],
    ['a name that only begins alike', 'https://app.example.evil.example'],
    ['a page without an origin', 'null'],
  ] as const) {
    it(`of ${name} are granted nothing`, async () => {
      const asked = await preflight(origin);
      assert.equal(asked.status, 204);
      const read = await gateway.request('GET', '/health', { key: null, headers: { Origin: origin } });
      for (const { headers } of [asked, read]) {
        assert.deepEqual(
          Object.keys(headers).filter((header) => header.startsWith('access-control')),
          [],
        );
        assert.equal(headers.vary, 'Origin', 'or a cache would give it to the others');
      }
    });
  }

  it('may read answers, failures and streams, and the headers that tell of limits', async () => {
    const headers = { Origin: friend };
    const body = { channel: 'api', message: 'hello', stream: true };
    const answers = [
      await gateway.request('GET', '/api/status', { headers }),
      await gateway.request('GET', '/api/status', { headers, key: 'wrong' }),
      await gateway.request('GET', '/nope', { headers }),
      await gateway.request('PUT', '/health', { headers }),
      (await openStream(gateway, '/api/chat', { headers, body })).response,
    ];
    for (const { headers: given } of answers) {
      assert.equal(given['access-control-allow-origin'], friend);
      assert.match(String(given['access-control-expose-headers']), /X-RateLimit-Remaining.*Retry-After/);
    }
  });

  it('are nobody’s business where none is on the list', async () => {
    const { headers } = await closed.request('GET', '/health', { headers: { Origin: friend } });
    assert.equal(headers['access-control-allow-origin'], undefined);
    assert.equal(headers.vary, undefined);
    assert.equal((await preflight(friend, closed)).headers['access-control-allow-origin'], undefined);
  });

  it('ask by OPTIONS only when they say so', async () => {
    const { status, headers } = await gateway.request('OPTIONS', '/api/chat', { headers: { Origin: friend } });
    assert.equal(status, 405);
    assert.equal(headers.allow, 'POST');
  });
});
