/** What vendors' clients do that ours do not: send parameters of their own, and say the version of their API twice. */
import assert from 'node:assert/strict';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';

describe('the paths of vendors', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway.close());

  const messages = [{ role: 'user', content: 'hello' }];
  const ask = (path: string, body: object, headers: Record<string, string> = {}, key: string | null = null) =>
    gateway.request('POST', path, { key, headers, body: { model: 'echo', messages, ...body } });

  it('take a key in either header', async () => {
    const xKey = { 'x-api-key': gateway.adminKey };
    assert.equal((await ask('/v1/chat/completions', {}, xKey)).status, 200);
    assert.equal((await ask('/v1/messages', { max_tokens: 9 }, xKey)).status, 200);
    assert.equal((await ask('/v1/messages', { max_tokens: 9 }, {}, gateway.adminKey)).status, 200);
    assert.equal((await ask('/v1/messages', { max_tokens: 9 }, { 'x-api-key': 'wrong' })).status, 401);
    const ours = await gateway.request('GET', '/api/status', { key: null, headers: xKey });
    assert.equal(ours.status, 401, 'but only there');
  });

  it('pass over parameters that nobody declared', async () => {
    const answer = await ask('/v1/messages?beta=true', { max_tokens: 9 }, { 'x-api-key': gateway.adminKey });
    assert.equal(answer.status, 200, answer.text);
    assert.equal((await gateway.request('GET', '/v1/models?limit=3')).status, 200);
  });

  for (const path of ['/v1/v1/messages', '/messages', '/v1/v1/chat/completions', '/chat/completions']) {
    it(`are the same for a client that has the version in its base URL twice or not at all: ${path}`, async () => {
      const answer = await fetch(gateway.url + path, {
        method: 'POST',
        headers: { 'x-api-key': gateway.adminKey, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'echo', max_tokens: 9, messages }),
      });
      assert.equal(answer.status, 200);
    });
  }

  it('are told by the id under the name that the vendor has for it', async () => {
    const answer = await ask('/v1/messages', { max_tokens: 9 }, {}, gateway.adminKey);
    assert.equal(answer.headers['request-id'], answer.headers['x-request-id']);
  });

  it('say when to come back, once', async () => {
    const key = await gateway.makeKey({ limits: { requestsPerMinute: 1 } });
    await ask('/v1/chat/completions', {}, {}, key);
    for (const [path, more] of [
      ['/v1/chat/completions', {}],
      ['/v1/messages', { max_tokens: 9 }],
    ] as const) {
      const answer = await ask(path, more, {}, key);
      assert.equal(answer.status, 429);
      assert.match(String(answer.headers['retry-after']), /^\d+$/);
      assert.equal(answer.headers['x-should-retry'], 'true');
    }
  });

  it('say what is wrong in the vendor’s words, also where there is nothing', async () => {
    const openai = await gateway.request('GET', '/v1/nothing');
    assert.deepEqual([openai.status, Object.keys(openai.body)], [404, ['error']]);
    const anthropic = await gateway.request('GET', '/v1/messages/nothing');
    assert.deepEqual([anthropic.status, anthropic.body.type], [404, 'error']);
  });
});
