import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { type FakeProvider, startFakeProvider } from './fake-provider.ts';

/** The vendors' own clients are the judges of whether the fake speaks their wires. */
describe('the fake provider', () => {
  let fake: FakeProvider;
  beforeEach(async () => {
    fake = await startFakeProvider();
  });
  afterEach(() => fake.close());

  describe("to OpenAI's client", () => {
    const messages = [{ role: 'user', content: 'Grüße, 世界 and all' }] satisfies OpenAI.ChatCompletionMessageParam[];
    let client: OpenAI;
    beforeEach(() => {
      client = new OpenAI({ apiKey: 'sk-test', baseURL: fake.openaiUrl, maxRetries: 0 });
    });

    it('chats', async () => {
      const { choices, usage } = await client.chat.completions.create({ model: 'gpt-4o', messages });
      assert.equal(choices[0]?.message.content, 'Grüße, 世界 and all');
      assert.equal(choices[0].finish_reason, 'stop');
      assert.ok(usage && usage.total_tokens === usage.prompt_tokens + usage.completion_tokens);
      assert.equal(fake.requests[0]?.headers.authorization, 'Bearer sk-test');
      assert.deepEqual(fake.requests[0]?.body.messages, messages);
    });

    it('streams', async () => {
      const stream = client.chat.completions.stream({
        model: 'gpt-4o',
        messages,
        stream_options: { include_usage: true },
      });
      let chunks = 0;
      for await (const { choices } of stream) if (choices[0]?.delta.content) chunks++;
      const { choices, usage } = await stream.finalChatCompletion();
      assert.equal(choices[0]?.message.content, 'Grüße, 世界 and all');
      assert.equal(chunks, 4);
      assert.ok(usage && usage.total_tokens > 0);
    });

    for (const stream of [true, false])
      it(`calls tools, ${stream ? 'stream' : 'whole'}`, async () => {
        const called = [
          { name: 'look', arguments: '{"at":"東京 tower"}' },
          { name: 'go', arguments: '{}' },
        ];
        fake.next({ toolCalls: called });
        const { choices } = stream
          ? await client.chat.completions.stream({ model: 'gpt-4o', messages }).finalChatCompletion()
          : await client.chat.completions.create({ model: 'gpt-4o', messages });
        const calls = choices[0]?.message.tool_calls?.map((call) => call.type === 'function' && { ...call.function });
        assert.partialDeepStrictEqual(calls, called);
        assert.equal(choices[0]?.finish_reason, 'tool_calls');
      });

    for (const [status, type] of [
      [400, OpenAI.BadRequestError],
      [401, OpenAI.AuthenticationError],
      [404, OpenAI.NotFoundError],
      [429, OpenAI.RateLimitError],
      [500, OpenAI.InternalServerError],
    ] as const)
      it(`fails with ${status}`, async () => {
        fake.next({ status, code: 'some_code', headers: { 'retry-after': '7' } });
        await assert.rejects(client.chat.completions.create({ model: 'gpt-4o', messages }), (error) => {
          assert.ok(error instanceof type);
          assert.equal(error.code, 'some_code');
          assert.equal(error.headers?.get('retry-after'), '7');
          return true;
        });
      });

    it('fails inside a stream', async () => {
      fake.next({ errorInside: true });
      const stream = await client.chat.completions.create({ model: 'gpt-4o', messages, stream: true });
      await assert.rejects(async () => {
        for await (const _chunk of stream);
      }, OpenAI.APIError);
    });

    it('sees an abort', async () => {
      const stream = await client.chat.completions.create({ model: 'fake-c1000-i5', messages, stream: true });
      for await (const _chunk of stream) break;
      assert.ok((await fake.requests[0]?.closed)?.aborted);
    });

    it('lists models', async () => {
      assert.ok((await client.models.list()).data.some(({ id }) => id === 'gpt-4o'));
    });
  });

  describe("to Anthropic's client", () => {
    const messages = [{ role: 'user', content: 'Grüße, 世界 and all' }] satisfies Anthropic.MessageParam[];
    const model = 'claude-sonnet-4-5';
    let client: Anthropic;
    beforeEach(() => {
      client = new Anthropic({ apiKey: 'sk-test', baseURL: fake.anthropicUrl.replace('/v1', ''), maxRetries: 0 });
    });

    it('chats', async () => {
      const { content, stop_reason: reason, usage } = await client.messages.create({ model, messages, max_tokens: 99 });
      assert.ok(content[0]?.type === 'text');
      assert.equal(content[0].text, 'Grüße, 世界 and all');
      assert.equal(reason, 'end_turn');
      assert.ok(usage.input_tokens > 0 && usage.output_tokens > 0);
      assert.equal(fake.requests[0]?.body.max_tokens, 99);
    });

    it('streams', async () => {
      const stream = client.messages.stream({ model, messages, max_tokens: 99 });
      const texts: string[] = [];
      stream.on('text', (text) => texts.push(text));
      const { usage } = await stream.finalMessage();
      assert.deepEqual(texts, ['Grüße, ', '世界 ', 'and ', 'all']);
      assert.equal(await stream.finalText(), 'Grüße, 世界 and all');
      assert.ok(usage.input_tokens > 0 && usage.output_tokens > 1);
    });

    for (const stream of [true, false])
      it(`calls tools, ${stream ? 'stream' : 'whole'}`, async () => {
        fake.next({
          toolCalls: [
            { name: 'look', arguments: '{"at":"東京 tower"}' },
            { name: 'go', arguments: '{}' },
          ],
        });
        const request = { model, messages, max_tokens: 99 };
        const { content, stop_reason: reason } = stream
          ? await client.messages.stream(request).finalMessage()
          : await client.messages.create(request);
        const calls = content.map((block) => block.type === 'tool_use' && [block.name, block.input]);
        assert.deepEqual(calls, [
          ['look', { at: '東京 tower' }],
          ['go', {}],
        ]);
        assert.equal(reason, 'tool_use');
      });

    for (const [status, type] of [
      [400, 'invalid_request_error'],
      [401, 'authentication_error'],
      [404, 'not_found_error'],
      [429, 'rate_limit_error'],
      [529, 'overloaded_error'],
    ] as const)
      it(`fails with ${status}`, async () => {
        fake.next({ status, headers: { 'retry-after': '7' } });
        await assert.rejects(client.messages.create({ model, messages, max_tokens: 9 }), (error) => {
          assert.ok(error instanceof Anthropic.APIError);
          assert.equal(error.status, status);
          assert.equal(error.type, type);
          assert.equal(error.headers?.get('retry-after'), '7');
          return true;
        });
      });

    it('fails inside a stream', async () => {
      fake.next({ errorInside: true });
      await assert.rejects(client.messages.stream({ model, messages, max_tokens: 9 }).finalMessage(), (error) => {
        assert.ok(error instanceof Anthropic.APIError);
        return error.type === 'overloaded_error';
      });
    });

    it('sees an abort', async () => {
      const request = { model: 'fake-c1000-i5', messages, max_tokens: 9, stream: true } as const;
      for await (const _event of await client.messages.create(request)) break;
      assert.ok((await fake.requests[0]?.closed)?.aborted);
    });

    it('lists models', async () => {
      assert.ok((await client.models.list()).data.some(({ id }) => id === 'claude-sonnet-4-5'));
    });
  });
});
