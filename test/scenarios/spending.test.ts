/** Limits on tokens, places and money, held over every way in, across a client that leaves and a restart. */
import assert from 'node:assert/strict';
import { enterSocket } from '../support/open-socket.ts';
import { openStream } from '../support/open-stream.ts';
import { createScriptedProvider, finish, type Step, text } from '../support/scripted-provider.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

const chat = (more: object = {}) => ({ channel: 'api', message: 'hello', ...more });

describe('what a key may spend', () => {
  const folder = makeTemporaryDirectory();
  let gateway: TestGateway;
  let steps: readonly Step[];

  const start = () =>
    startGateway({
      home: folder.path,
      settings: {
        providers: { openai: { apiKey: 'none', models: ['m', 'free'] } },
        models: { default: 'm', maxOutputTokens: { m: 100 } },
        // A thousandth of a dollar a token.
        prices: { m: { input: 1000, output: 1000 } },
      },
      parts: { providers: [createScriptedProvider(() => steps, { name: 'openai', models: ['m', 'free'] })] },
    });

  before(async () => {
    gateway = await start();
  });
  after(async () => {
    await gateway.close();
    folder.remove();
  });
  beforeEach(() => {
    steps = [text('yes'), finish];
  });

  const ask = (key: string, more?: object) => gateway.request('POST', '/api/v1/chat', { key, body: chat(more) });

  it('is one place for REST, SSE and WebSocket, free again when its client leaves', async () => {
    const key = await gateway.makeKey({ limits: { concurrentRuns: 1 } });
    steps = [text('so'), 'hang'];
    const stream = await openStream(gateway, '/api/v1/chat', { key, body: chat({ stream: true }) });
    await stream.next();
    const refused = await ask(key);
    assert.deepEqual(
      [refused.status, refused.body.error.code, refused.body.error.retryAfter],
      [429, 'RATE_LIMITED', 1],
    );
    assert.match(refused.body.error.message, /1 runs under way at once/);
    const socket = await enterSocket(gateway, key);
    socket.send({ type: 'message', channel: 'api', content: 'hello' });
    assert.equal((await socket.next('error')).code, 'RATE_LIMITED');
    await socket.close();
    stream.leave();
    steps = [text('yes'), finish];
    await until(() => gateway.server.gateway.runs.active() === 0);
    assert.equal((await ask(key)).status, 200);
  });

  it('is told of its tokens in the headers and in the terminal event', async () => {
    const key = await gateway.makeKey({ limits: { tokensPerMinute: 1000 } });
    const body = { input: [{ type: 'text', text: 'hello' }], stream: true };
    const stream = await openStream(gateway, '/api/v2/chat', { key, body });
    const last = JSON.stringify((await stream.all()).at(-1)?.data);
    assert.match(last, /"type":"run.completed".*"limits":\{"tokens":\{"limit":1000,"remaining":\d+,"resetAt":"/);
    const whole = await gateway.request('POST', '/api/v2/chat', { key, body: { ...body, stream: false } });
    assert.equal(whole.headers['x-ratelimit-limit-tokens'], '1000');
    assert.equal(String(whole.body.limits.tokens.remaining), whole.headers['x-ratelimit-remaining-tokens']);
  });

  it('is told on the whole answers of vendors’ shapes, where there is a price', async () => {
    const key = await gateway.makeKey();
    const body = (model: string) => ({ model, messages: [{ role: 'user', content: 'hello' }] });
    const priced = await gateway.request('POST', '/v1/chat/completions', { key, body: body('m') });
    assert.equal(priced.headers['x-gateway-cost'], '0.005', 'five tokens at a thousandth of a dollar');
    const free = await gateway.request('POST', '/v1/chat/completions', { key, body: body('free') });
    assert.equal(free.headers['x-gateway-cost'], undefined);
    const anthropic = { ...body('m'), max_tokens: 10 };
    const message = await gateway.request('POST', '/v1/messages', { key, body: anthropic });
    assert.equal(message.headers['x-gateway-cost'], '0.005');
  });

  it('is free again after many clients that left, and after failures', async () => {
    const key = await gateway.makeKey({ limits: { concurrentRuns: 5, tokensPerMinute: 1_000_000_000 } });
    steps = [text('so'), 'hang'];
    for (let round = 0; round < 4; round += 1) {
      const body = chat({ stream: true });
      const streams = await Promise.all([1, 2, 3, 4, 5].map(() => openStream(gateway, '/api/v1/chat', { key, body })));
      for (const stream of streams) stream.leave();
      await until(() => gateway.server.gateway.runs.active() === 0);
    }
    steps = [{ fail: 'invalid_request' }];
    for (let attempt = 0; attempt < 7; attempt += 1) assert.equal((await ask(key)).status, 400);
    steps = [text('yes'), finish];
    assert.equal((await ask(key)).status, 200);
  });

  it('is told in tokens', async () => {
    const key = await gateway.makeKey({ limits: { tokensPerMinute: 150 } });
    const first = await ask(key);
    assert.equal(first.headers['x-ratelimit-limit-tokens'], '150');
    // Two are the question, and a hundred the longest answer.
    assert.equal(first.headers['x-ratelimit-remaining-tokens'], '48');
    assert.ok(Math.abs(Number(first.headers['x-ratelimit-reset-tokens']) - Date.now() / 1000 - 60) < 5);
    const second = await ask(key);
    assert.equal(second.headers['x-ratelimit-remaining-tokens'], '43', 'five were used');
    const others = await Promise.all([ask(key), ask(key)]);
    assert.deepEqual(others.map(({ status }) => status).sort(), [200, 429], 'one of two that come together');
    const free = await ask(await gateway.makeKey());
    assert.equal(free.headers['x-ratelimit-limit-tokens'], undefined);
  });

  it('is a cost on each answer whose price is known, and in the ledger', async () => {
    const key = await gateway.makeKey({ user: 'eve' });
    const body = { input: [{ type: 'text', text: 'hello' }] };
    const priced = await gateway.request('POST', '/api/v2/chat', { key, body });
    assert.deepEqual(priced.body.usage.cost, { amount: 0.005, currency: 'USD' });
    const read = await gateway.request('GET', `/api/v2/runs/${priced.body.id}`, { key });
    assert.deepEqual(read.body.usage, priced.body.usage);
    const unknown = await gateway.request('POST', '/api/v2/chat', { key, body: { ...body, model: 'free' } });
    assert.equal(unknown.body.usage.cost, undefined);
    const { body: usage } = await gateway.request('GET', '/api/v2/usage?groupBy=user', { key });
    assert.deepEqual(usage.items, [
      {
        user: 'eve',
        runs: 2,
        failedRuns: 0,
        inputTokens: 6,
        outputTokens: 4,
        totalTokens: 10,
        cachedInputTokens: 0,
        reasoningTokens: 0,
        cost: { amount: 0.005, currency: 'USD' },
        unpricedRuns: 1,
      },
    ]);
  });

  it('is a budget that outlives a restart and is never passed', async () => {
    const wanted = {
      name: 'shop',
      user: 'ann',
      scopes: ['chat', 'keys'],
      limits: { budget: { amount: 0.11, period: 'month' } },
    };
    const { body: made } = await gateway.request('POST', '/api/v2/keys', { body: wanted });
    const spent = async () => (await gateway.request('GET', `/api/v2/keys/${made.id}`)).body.spent.amount;
    assert.equal(await spent(), 0);
    assert.equal((await ask(made.key)).status, 200);
    assert.equal(await spent(), 0.005);
    await gateway.close();
    gateway = await start();
    assert.equal(await spent(), 0.005);
    assert.equal((await ask(made.key)).status, 200);
    // A further answer could cost 0.102, and 0.1 is left.
    const refused = await ask(made.key);
    assert.deepEqual([refused.status, refused.body.error.code], [429, 'BUDGET_EXCEEDED']);
    assert.match(refused.body.error.message, /could cost 0\.102 USD.*has 0\.1 USD left/);
    const named = { input: [{ type: 'text', text: 'hello' }], maxOutputTokens: 2 };
    assert.equal((await gateway.request('POST', '/api/v2/chat', { key: made.key, body: named })).status, 200);
    assert.equal(await spent(), 0.015);
    assert.equal((await ask(made.key, { model: 'free' })).status, 200, 'what has no price is not limited by money');
  });
});
