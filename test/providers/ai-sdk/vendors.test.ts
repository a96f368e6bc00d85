import assert from 'node:assert/strict';
import type { Provider, ProviderCall } from '../../../src/core/ports/provider.ts';
import { createAiSdkProvider } from '../../../src/providers/ai-sdk/index.ts';
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { callOf, gather, KEY, textIn } from '../wires.ts';
import { realOptions, realPackages } from './real-packages.ts';

const never = new AbortController().signal;
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** The packages as they are installed, each on its wire. */
for (const real of realPackages) {
  const isOpenAi = real.package === '@ai-sdk/openai';
  describe(`the package ${real.package}`, () => {
    let fake: FakeProvider;
    let provider: Provider;
    beforeEach(async () => {
      fake = await startFakeProvider();
      provider = await createAiSdkProvider(realOptions(real, fake));
    });
    afterEach(async () => {
      await provider.close();
      await fake.close();
    });

    /** What the vendor was sent for a call. */
    async function sent(changes: Partial<ProviderCall>): Promise<Record<string, unknown>> {
      const { error } = await gather(provider.call(callOf('hello', changes), never));
      assert.equal(error, undefined);
      const request = fake.requests.at(-1);
      assert.ok(request);
      return request.body;
    }

    it('sends what it was set up with', async () => {
      await sent({});
      const { headers, body } = fake.requests[0] ?? {};
      assert.equal(isOpenAi ? headers?.authorization : headers?.['x-api-key'], isOpenAi ? `Bearer ${KEY}` : KEY);
      assert.equal(body?.model, 'model');
    });

    for (const stream of [true, false]) {
      it(`counts what was used, ${stream ? 'stream' : 'whole'}`, async () => {
        const { events } = await gather(provider.call(callOf('hello there', { stream }), never));
        const last = events.at(-1);
        assert.ok(last?.type === 'finish' && last.usage);
        assert.deepEqual([last.usage.outputTokens, last.usage.cachedInputTokens], [3, 0]);
      });

      it(`tells why it ended, ${stream ? 'stream' : 'whole'}`, async () => {
        fake.next({ finish: isOpenAi ? 'length' : 'max_tokens' });
        const { events } = await gather(provider.call(callOf('hello', { stream }), never));
        const last = events.at(-1);
        assert.equal(last?.type === 'finish' && last.reason, 'length');
      });

      it(`calls several tools, ${stream ? 'stream' : 'whole'}`, async () => {
        const toolCalls = [
          { name: 'look', arguments: '{"at":"the sky"}' },
          { name: 'listen', arguments: '{}' },
        ];
        fake.next({ toolCalls });
        const tools = toolCalls.map(({ name }) => ({ name, parameters: { type: 'object' } }));
        const { events } = await gather(provider.call(callOf('look!', { stream, tools }), never));
        const said = [0, 1].map((index) => {
          const deltas = events.filter((event) => event.type === 'tool_call' && event.index === index);
          const names = deltas.flatMap((event) => (event.type === 'tool_call' && event.name ? [event.name] : []));
          const text = deltas.map((event) => (event.type === 'tool_call' ? event.arguments : '')).join('');
          return { names, arguments: JSON.parse(text) };
        });
        assert.deepEqual(said, [
          { names: ['look'], arguments: { at: 'the sky' } },
          { names: ['listen'], arguments: {} },
        ]);
      });
    }

    it('sends instructions, sampling and bounds', async () => {
      const body = await sent({ instructions: 'Be kind.', temperature: 0.5, maxOutputTokens: 9, stop: ['END'] });
      assert.equal(body.temperature, 0.5);
      assert.equal(body.max_tokens, 9);
      assert.deepEqual(isOpenAi ? body.stop : body.stop_sequences, ['END']);
      assert.match(JSON.stringify(isOpenAi ? body.messages : body.system), /Be kind\./);
      if (isOpenAi) assert.equal((await sent({ seed: 7 })).seed, 7);
      else assert.equal((await sent({ topK: 7 })).top_k, 7);
    });

    it('sends tools, the choice among them, and what they said', async () => {
      const parameters = { type: 'object', properties: { at: { type: 'string' } } };
      const body = await sent({
        tools: [{ name: 'look', description: 'Looks.', parameters }],
        toolChoice: { name: 'look' },
        messages: [
          { role: 'user', parts: [{ type: 'text', text: 'look!' }] },
          { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'look', arguments: '{"at":"us"}' }] },
          { role: 'user', parts: [{ type: 'tool_result', toolCallId: 'c1', content: 'blue' }] },
        ],
      });
      const said = JSON.stringify(body);
      for (const piece of ['"c1"', '"blue"', 'Looks.', JSON.stringify(parameters.properties)])
        assert.ok(said.includes(piece), piece);
      assert.deepEqual(
        body.tool_choice,
        isOpenAi ? { type: 'function', function: { name: 'look' } } : { type: 'tool', name: 'look' },
      );
    });

    it('sends images, by address and inline', async () => {
      const url = 'https://pictures.example/Cat.png?x=1';
      const parts = [
        { type: 'text' as const, text: 'what is it?' },
        { type: 'image' as const, url },
        { type: 'image' as const, data: pixel, mediaType: 'image/png' as const },
      ];
      const { messages } = await sent({ messages: [{ role: 'user', parts }] });
      assert.deepEqual(
        messages,
        isOpenAi
          ? [
              {
                role: 'user',
                content: [
                  { type: 'text', text: 'what is it?' },
                  { type: 'image_url', image_url: { url } },
                  { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } },
                ],
              },
            ]
          : [
              {
                role: 'user',
                content: [
                  { type: 'text', text: 'what is it?' },
                  { type: 'image', source: { type: 'url', url } },
                  { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } },
                ],
              },
            ],
      );
    });

    it('asks for an answer that follows a schema', async () => {
      const schema = {
        type: 'object',
        properties: { sky: { type: 'string' } },
        required: ['sky'],
        additionalProperties: false,
      };
      fake.next({ text: '{"sky":"blue"}' });
      const model = isOpenAi ? 'gpt-4o' : 'claude-sonnet-4-5';
      const call = callOf('the sky?', { model, responseFormat: { type: 'json_schema', name: 'weather', schema } });
      const { events, error } = await gather(provider.call(call, never));
      assert.equal(error, undefined);
      assert.deepEqual(JSON.parse(textIn(events)), { sky: 'blue' });
      const body = fake.requests[0]?.body;
      const format = isOpenAi ? body?.response_format : body?.output_config;
      assert.match(JSON.stringify(format), /"type":"json_schema".*"sky"/);
    });
  });
}

describe('embeddings through @ai-sdk/openai', () => {
  it('are vectors in the order of the texts', async () => {
    const fake = await startFakeProvider();
    const real = { package: '@ai-sdk/openai', api: 'chat' } as const;
    const provider = await createAiSdkProvider(realOptions(real, fake, { models: ['text-embedding-3-small'] }));
    const embeddings = await provider.embed?.({ model: 'text-embedding-3-small', input: ['one', 'three'] }, never);
    assert.deepEqual(embeddings, {
      vectors: [
        [0.3, 0, -0.5],
        [0.5, 1, -0.5],
      ],
      usage: { inputTokens: 2, outputTokens: 0, totalTokens: 2 },
    });
    await provider.embed?.({ model: 'text-embedding-3-small', input: ['one'], dimensions: 3 }, never);
    assert.equal(fake.requests[1]?.body.dimensions, 3);
    fake.next({ status: 429, headers: { 'retry-after': '1' } });
    await assert.rejects(async () => provider.embed?.({ model: 'text-embedding-3-small', input: ['one'] }, never), {
      kind: 'rate_limited',
      retryAfterMs: 1000,
    });
    await provider.close();
    await fake.close();
  });

  it('are not offered where the package has none', async () => {
    const fake = await startFakeProvider();
    const provider = await createAiSdkProvider(realOptions({ package: '@ai-sdk/anthropic', api: 'messages' }, fake));
    assert.equal(provider.embed, undefined);
    await fake.close();
  });
});
