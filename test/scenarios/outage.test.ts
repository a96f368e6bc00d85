/** A provider that fails every call, with the real `openai` client in front, which tries again by itself. */
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

describe('an outage', () => {
  let down: FakeProvider;
  let up: FakeProvider;
  let gateway: TestGateway;
  let client: OpenAI;

  before(async () => {
    [down, up] = [await startFakeProvider(), await startFakeProvider()];
    const provider = (fake: FakeProvider, models: string[]) => ({ type: 'openai', baseUrl: fake.openaiUrl, models });
    gateway = await startGateway({
      settings: {
        providers: {
          // The name is the behaviour: every call is answered with 500.
          down: provider(down, ['fake-s500', 'fake-a-s500']),
          up: provider(up, ['gpt-4o']),
        },
        models: {
          retries: { attempts: 3 },
          routes: { alone: ['down/fake-s500'], safe: ['down/fake-a-s500', 'up/gpt-4o'] },
        },
      },
    });
    client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.adminKey });
  });
  after(async () => {
    await gateway.close();
    await down.close();
    await up.close();
  });

  const ask = (model: string) =>
    client.chat.completions.create({ model, messages: [{ role: 'user', content: 'hello' }] });

  it('never gets more calls than 1.2 for each request and three', async () => {
    const requests = 60;
    const outcomes = await Promise.allSettled(Array.from({ length: requests }, () => ask('alone')));
    assert.ok(outcomes.every(({ status }) => status === 'rejected'));
    const [first] = outcomes;
    assert.ok(first?.status === 'rejected' && first.reason instanceof OpenAI.InternalServerError);
    assert.equal(first.reason.headers?.get('x-should-retry'), 'false');
    assert.ok(down.requests.length <= 1.2 * requests + 3, `${down.requests.length} calls`);
    const calls = down.requests.length;
    await Promise.allSettled(Array.from({ length: 40 }, () => ask('alone')));
    assert.equal(down.requests.length, calls, 'nobody is sent there while the way to it is closed');
  });

  it('is not noticed where a second provider answers, and asked no more after the fifth failure', async () => {
    down.requests.length = 0;
    for (let index = 0; index < 100; index += 1) {
      const { choices } = await ask('safe');
      assert.equal(choices[0]?.message.content, 'hello');
    }
    assert.equal(up.requests.length, 100);
    assert.equal(down.requests.length, 5);
    const { data, response } = await ask('safe').withResponse();
    assert.equal(data.object, 'chat.completion');
    assert.deepEqual(
      [response.headers.get('x-gateway-provider'), response.headers.get('x-gateway-attempts')],
      ['up', '1'],
    );
  });

  it('shows in the health, in the list of models and in the metrics', async () => {
    const health = await gateway.request('GET', '/health/detailed');
    assert.match(health.body.providers.down, /degraded|disconnected/);
    const models = await gateway.request('GET', '/api/v2/models');
    const available = Object.fromEntries(
      models.body.items.map(({ id, available }: { id: string; available: boolean }) => [id, available]),
    );
    assert.deepEqual([available.alone, available.safe], [false, true]);
    const { text } = await gateway.request('GET', '/metrics');
    assert.match(text, /target_avoided\{provider="down",model="fake-s500"\} 1/);
  });

  it('that begins in the middle of a stream ends it with an error event of the dialect', async () => {
    up.next({ text: 'one two three four five six', cutAt: 700 });
    const pieces: string[] = [];
    const stream = await client.chat.completions.create({
      model: 'gpt-4o',
      stream: true,
      messages: [{ role: 'user', content: 'hello' }],
    });
    await assert.rejects(async () => {
      for await (const chunk of stream) pieces.push(chunk.choices[0]?.delta.content ?? '');
    }, OpenAI.APIError);
    assert.ok(pieces.join('').startsWith('one'));
  });
});
