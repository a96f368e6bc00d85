import assert from 'node:assert/strict';
import type { Provider } from '../../../src/core/ports/provider.ts';
import { createAiSdkProvider } from '../../../src/providers/ai-sdk/index.ts';
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { callOf, gather, textIn } from '../wires.ts';
import { realOptions, realPackages } from './real-packages.ts';

const never = new AbortController().signal;

/** The packages as they are installed, each on its wire. */
for (const real of realPackages) {
  describe(`the package ${real.title}`, () => {
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

    for (const stream of [true, false]) {
      const how = stream ? 'stream' : 'whole';

      it(`asks where it was set up to, with its key, ${how}`, async () => {
        await gather(provider.call(callOf('hello', { stream }), never));
        const [request] = fake.requests;
        assert.equal(request?.path, stream ? (real.streamPath ?? real.path) : real.path);
        const key = request?.headers[real.key.header];
        if (typeof real.key.is === 'string') assert.equal(key, real.key.is);
        else assert.match(String(key), real.key.is);
      });

      it(`counts what was used, read from a cache and thought, ${how}`, async () => {
        fake.next({ cachedTokens: 4, reasoningTokens: 7 });
        const { events } = await gather(provider.call(callOf('hello there', { stream }), never));
        const last = events.at(-1);
        assert.ok(last?.type === 'finish' && last.usage);
        const { inputTokens, outputTokens, totalTokens, cachedInputTokens, reasoningTokens } = last.usage;
        const thought = real.countsThoughts ? 7 : undefined;
        assert.deepEqual([outputTokens, cachedInputTokens, reasoningTokens], [3 + (thought ?? 0), 4, thought]);
        assert.ok(inputTokens > 4 && totalTokens === inputTokens + outputTokens);
      });

      // These wires demand it, and their packages with them.
      const mustCount = real.wire === 'messages' || (real.wire === 'converse' && !stream);
      if (!mustCount)
        it(`ends without usage where the vendor gives none, ${how}`, async () => {
          fake.next({ usage: false });
          const { events, error } = await gather(provider.call(callOf('hello there', { stream }), never));
          assert.equal(error, undefined);
          assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop' });
        });

      it(`tells why it ended, ${how}`, async () => {
        fake.next({ finish: real.words.length });
        const { events } = await gather(provider.call(callOf('hello', { stream }), never));
        const last = events.at(-1);
        assert.equal(last?.type === 'finish' && last.reason, 'length');
      });

      it(`calls several tools, after a word or two, ${how}`, async () => {
        const toolCalls = [
          { name: 'look', arguments: '{"at":"the sky"}' },
          { name: 'listen', arguments: '{}' },
        ];
        fake.next({ text: 'I will look.', toolCalls });
        const tools = toolCalls.map(({ name }) => ({ name, parameters: { type: 'object' } }));
        const { events } = await gather(provider.call(callOf('look!', { stream, tools }), never));
        assert.equal(textIn(events), 'I will look.');
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
        const ids = events.flatMap((event) => (event.type === 'tool_call' && event.id ? [event.id] : []));
        assert.equal(new Set(ids).size, 2);
        const last = events.at(-1);
        assert.equal(last?.type === 'finish' && last.reason, 'tool_calls');
      });
    }

    it('reads a stream that comes in pieces', async () => {
      fake.next({ splitBytes: 7 });
      const { events, error } = await gather(provider.call(callOf('Grüße aus 東京, 안녕!'), never));
      assert.equal(error, undefined);
      assert.equal(textIn(events), 'Grüße aus 東京, 안녕!');
    });

    it('asks for an answer that follows a schema', async () => {
      const schema = {
        type: 'object',
        properties: { sky: { type: 'string' } },
        required: ['sky'],
        additionalProperties: false,
      };
      fake.next({ text: '{"sky":"blue"}' });
      const call = callOf('the sky?', {
        model: real.strictModel,
        responseFormat: { type: 'json_schema', name: 'weather', schema },
      });
      const { events, error } = await gather(provider.call(call, never));
      assert.equal(error, undefined);
      assert.deepEqual(JSON.parse(textIn(events)), { sky: 'blue' });
      assert.match(JSON.stringify(fake.requests[0]?.body), /"properties":\{"sky":\{"type":"string"\}\}/);
    });
  });
}
