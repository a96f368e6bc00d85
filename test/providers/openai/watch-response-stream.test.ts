import assert from 'node:assert/strict';
import type { ForwardCall, Provider } from '../../../src/core/ports/provider.ts';
import { createOpenAiProvider } from '../../../src/providers/openai/index.ts';
import type { Behaviour } from '../../support/fake-behaviour.ts';
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { forward, forwardOf } from '../forwards.ts';
import { wireOptions } from '../wires.ts';

const usage = {
  input_tokens: 3,
  input_tokens_details: { cached_tokens: 1 },
  output_tokens: 2,
  output_tokens_details: { reasoning_tokens: 1 },
  total_tokens: 5,
};
const known = { inputTokens: 3, outputTokens: 2, totalTokens: 5, cachedInputTokens: 1, reasoningTokens: 1 };
const event = (type: string, members: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
const response = (changes: object) => ({ id: 'resp_1', object: 'response', error: null, output: [], ...changes });
const created = event('response.created', { response: response({ status: 'in_progress', usage: null }) });
const added = event('response.output_item.added', {
  output_index: 0,
  item: { type: 'custom_tool_call', name: 'exec' },
});
const text = event('response.output_text.delta', { delta: 'a "type":"response.completed" {"type":"error"}' });
const ended = (status: string, changes: object) =>
  event(`response.${status}`, { response: response({ status, usage, ...changes }) });
const completed = ended('completed', {});

describe('the events of a response that are handed on', () => {
  let fake: FakeProvider;
  let provider: Provider;
  before(async () => {
    fake = await startFakeProvider();
    const baseUrl = `${new URL(fake.openaiUrl).origin}/openai/v1`;
    provider = createOpenAiProvider({ ...wireOptions(fake), baseUrl, responses: true });
  });
  after(async () => {
    await provider.close?.();
    await fake.close();
  });

  const callOf = (stream: boolean, changes: Partial<ForwardCall> = {}) =>
    forwardOf(
      'openai',
      { model: 'our-model', input: [{ role: 'user', content: 'hello' }], stream },
      { dialect: 'responses', ...changes },
    );

  function play(behaviour: Behaviour, stream = true) {
    fake.next(behaviour);
    return forward(provider, callOf(stream));
  }

  const rows: [title: string, end: string, reason: string][] = [
    ['that is whole', completed, 'stop'],
    ['that calls a tool', ended('completed', { output: [{ type: 'custom_tool_call' }] }), 'tool_calls'],
    ['that is too long', ended('incomplete', { incomplete_details: { reason: 'max_output_tokens' } }), 'length'],
    ['that was cut', ended('incomplete', { incomplete_details: { reason: 'content_filter' } }), 'content_filter'],
  ];
  for (const [title, end, reason] of rows)
    for (const splitBytes of [3, 100_000])
      it(`go on as they are, of one ${title}, read ${splitBytes} at a time`, async () => {
        const body = [created, added, text, end].join('');
        const answer = await play({ body, splitBytes });
        assert.equal(answer.error, undefined);
        assert.equal(answer.text, body);
        assert.deepEqual(answer.finish, { reason, usage: known });
      });

  const failures: [title: string, sent: string, error: RegExp][] = [
    ['reports an error', event('error', { code: 'server_error', message: 'no' }), /reported an error/],
    ['fails', ended('failed', { error: { code: 'server_error', message: 'no' } }), /reported an error/],
    ['ends before its end', '', /not its wire format/],
    ['is no JSON', 'data: {\n\n', /not its wire format/],
    ['ends with no response', event('response.completed', {}), /not its wire format/],
  ];
  for (const [title, sent, error] of failures) {
    it(`are kept from the client when it ${title} before it says anything`, async () => {
      const answer = await play({ body: created + sent });
      assert.match(String(answer.error), error);
      assert.equal(answer.text, '');
    });

    it(`are followed by a failure when it ${title} after that`, async () => {
      const answer = await play({ body: created + text + sent });
      assert.match(String(answer.error), error);
      assert.equal(answer.text, created + text);
    });
  }

  it('are those of a provider that has responses', async () => {
    const answer = await forward(provider, callOf(true));
    assert.equal(fake.requests.at(-1)?.path, '/openai/v1/responses');
    assert.equal(fake.requests.at(-1)?.body.model, 'their-model');
    assert.match(answer.text, /response\.created.*"delta":"hello".*response\.completed/s);
    assert.equal(answer.finish?.reason, 'stop');
  });

  it('come as one answer where no stream was asked for', async () => {
    const answer = await play({ text: '', toolCalls: [{ name: 'exec', arguments: '{}' }], cachedTokens: 1 }, false);
    assert.equal(JSON.parse(answer.text).output[0].name, 'exec');
    assert.equal(answer.finish?.reason, 'tool_calls');
    assert.equal(answer.finish?.usage?.cachedInputTokens, 1);
  });

  it('are told of by OpenAI and Azure, and by who says so', () => {
    const has = (baseUrl: string, responses?: boolean) =>
      createOpenAiProvider({
        ...wireOptions(fake),
        baseUrl,
        ...(responses === undefined ? {} : { responses }),
      }).dialects?.includes('responses');
    assert.equal(has('https://api.openai.com/v1'), true);
    assert.equal(has('https://mine.openai.azure.com/openai/v1'), true);
    assert.equal(has('https://api.openai.com/v1', false), false);
    assert.equal(has('http://127.0.0.1:11434/v1'), false);
    assert.equal(has('http://127.0.0.1:11434/v1', true), true);
  });
});
