import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import type { Provider, ProviderCall, ProviderEvent } from '../../src/core/ports/provider.ts';
import { callOf, gather, textIn } from './wires.ts';

/** A provider as the contract meets it, fresh for every test. */
export interface Subject {
  provider: Provider;
  /** Makes the next call's answer a call of this tool. */
  willCallTool(name: string): void;
  close(): Promise<void>;
}

export interface Skip {
  test: string;
  reason: string;
}

/** What the port promises of every provider, whatever stands behind it. */
export function describeProvider(name: string, make: () => Promise<Subject>, skips: readonly Skip[] = []): void {
  const test = (title: string, run: () => Promise<void>) => {
    const skip = skips.find((one) => one.test === title);
    if (skip) it.skip(`${title} (${skip.reason})`);
    else it(title, run);
  };

  describe(`${name} keeps the provider contract`, () => {
    let subject: Subject;
    let provider: Provider;
    const never = new AbortController().signal;

    beforeEach(async () => {
      subject = await make();
      provider = subject.provider;
    });
    afterEach(() => subject.close());

    test('has a name, models and says that it is configured', async () => {
      assert.equal(typeof provider.name, 'string');
      assert.ok(provider.models.length > 0);
      assert.equal(provider.configured, true);
    });

    for (const text of texts) {
      test(`says the same with a stream and without: ${JSON.stringify(text).slice(0, 40)}`, async () => {
        const whole = await gather(provider.call(callOf(text, { stream: false }), never));
        const streamed = await gather(provider.call(callOf(text), never));
        assert.equal(whole.error, undefined);
        assert.equal(streamed.error, undefined);
        assert.equal(textIn(whole.events), text);
        assert.equal(textIn(streamed.events), text);
        assert.equal(whole.batches.length, 1);
        assert.ok(streamed.events.filter((event) => event.type === 'text').length >= 2);
        for (const { events } of [whole, streamed]) assertEndsOnce(events, 'stop');
      });
    }

    test('gives no empty batch and no empty text', async () => {
      const { batches, events } = await gather(provider.call(callOf('one two three'), never));
      assert.ok(batches.every((batch) => batch.length > 0));
      assert.ok(events.every((event) => event.type !== 'text' || event.text !== ''));
    });

    for (const stream of [true, false]) {
      test(`calls a tool, ${stream ? 'in deltas' : 'whole'}`, async () => {
        subject.willCallTool('look');
        const call = callOf('look!', { stream, tools: [{ name: 'look', parameters: {} }], toolChoice: 'required' });
        const { events, error } = await gather(provider.call(call, never));
        assert.equal(error, undefined);
        const deltas = events.filter((event) => event.type === 'tool_call');
        assert.equal(deltas[0]?.name, 'look');
        assert.ok(deltas[0].id);
        assert.ok(deltas.slice(1).every((delta) => delta.id === undefined && delta.name === undefined));
        assert.ok(deltas.every((delta) => delta.index === 0));
        assert.equal(typeof JSON.parse(deltas.map((delta) => delta.arguments).join('')), 'object');
        assertEndsOnce(events, 'tool_calls');
      });

      test(`throws the reason of a signal that has aborted before, ${stream ? 'stream' : 'whole'}`, async () => {
        const reason = new Error('gone');
        const { batches, error } = await gather(provider.call(callOf('hello', { stream }), AbortSignal.abort(reason)));
        assert.equal(error, reason);
        assert.deepEqual(batches, []);
      });

      test(`leaves no listener on the signal, ${stream ? 'stream' : 'whole'}`, async () => {
        const { signal } = new AbortController();
        await gather(provider.call(callOf('hello world', { stream }), signal));
        assert.equal(getEventListeners(signal, 'abort').length, 0);
      });
    }

    test('throws the reason of a signal that aborts between two chunks', async () => {
      const abort = new AbortController();
      const reason = new Error('gone');
      const seen: ProviderEvent[][] = [];
      await assert.rejects(
        async () => {
          for await (const batch of provider.call(slowCall(), abort.signal)) {
            seen.push(batch);
            if (seen.length === 1) abort.abort(reason);
          }
        },
        (error) => error === reason,
      );
      assert.ok(seen.flat().every((event) => event.type !== 'finish'));
      assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
    });

    test('stops without a word when the reader does', async () => {
      const { signal } = new AbortController();
      const answer = provider.call(slowCall(), signal)[Symbol.asyncIterator]();
      assert.equal((await answer.next()).done, false);
      assert.deepEqual(await answer.return?.(), { done: true, value: undefined });
      assert.equal((await answer.next()).done, true);
      assert.equal(getEventListeners(signal, 'abort').length, 0);
    });

    test('stays at its end', async () => {
      const answer = provider.call(callOf('one two'), never)[Symbol.asyncIterator]();
      while (!(await answer.next()).done);
      assert.deepEqual(await answer.next(), { done: true, value: undefined });
    });

    test('answers many at once without mixing them up', async () => {
      const numbers = Array.from({ length: 50 }, (_, n) => `number ${n} of fifty`);
      const said = await Promise.all(
        numbers.map(async (text, n) =>
          textIn((await gather(provider.call(callOf(text, { stream: n % 2 === 0 }), never))).events),
        ),
      );
      assert.deepEqual(said, numbers);
    });

    test('refuses by name what it cannot do, and only when it is read', async () => {
      const refused = unsupported[name];
      assert.ok(refused, 'a wire that can do everything skips this test');
      const answer = provider.call(callOf('hello', refused.call), never);
      await assert.rejects(answer[Symbol.asyncIterator]().next(), {
        name: 'ProviderError',
        kind: 'unsupported_parameter',
        parameter: refused.parameter,
      });
    });

    test('proves to be alive', async () => {
      await provider.probe(never);
      await assert.rejects(provider.probe(AbortSignal.abort(new Error('gone'))), /gone/);
    });
  });
}

const texts = [
  'Hello, world',
  'two\nlines, "quotes", \\ and \u2028 a line separator',
  'Grüße aus 東京, 안녕 and שלום!',
  '👩‍👩‍👧‍👦 the family, e\u0301 with its accent',
  'data: [DONE]\n\nevent: error\ndata: {}\n\n',
];

const oneToolAtATime: Partial<ProviderCall> = { tools: [{ name: 'look', parameters: {} }], parallelToolCalls: false };

const unsupported: Record<string, { call: Partial<ProviderCall>; parameter: string }> = {
  echo: {
    call: { responseFormat: { type: 'json_schema', name: 'x', schema: { type: 'string', pattern: '^a$' } } },
    parameter: 'responseFormat',
  },
  openai: { call: { topK: 7 }, parameter: 'topK' },
  anthropic: { call: { seed: 7 }, parameter: 'seed' },
  'a package of the AI SDK (v2)': { call: oneToolAtATime, parameter: 'parallelToolCalls' },
  'a package of the AI SDK (v3)': { call: oneToolAtATime, parameter: 'parallelToolCalls' },
  'a package of the AI SDK (v4)': { call: oneToolAtATime, parameter: 'parallelToolCalls' },
  '@ai-sdk/openai': { call: { topK: 7 }, parameter: 'topK' },
  '@ai-sdk/anthropic': { call: { seed: 7 }, parameter: 'seed' },
  '@ai-sdk/google': { call: oneToolAtATime, parameter: 'parallelToolCalls' },
  '@ai-sdk/google-vertex': { call: oneToolAtATime, parameter: 'parallelToolCalls' },
  '@ai-sdk/azure': { call: { stop: ['END'] }, parameter: 'stop' },
  '@ai-sdk/azure by deployment': { call: { topK: 7 }, parameter: 'topK' },
  '@ai-sdk/amazon-bedrock': { call: { seed: 7 }, parameter: 'seed' },
};

/** Long enough to be left in the middle: by its words at a provider that reads them, by its model's name at the fake. */
function slowCall(): ProviderCall {
  return callOf('and so on '.repeat(200), { model: 'fake-c200-i2' });
}

function assertEndsOnce(events: readonly ProviderEvent[], reason: string): void {
  assert.deepEqual(
    events.filter((event) => event.type === 'finish'),
    [events.at(-1)],
  );
  const last = events.at(-1);
  assert.ok(last?.type === 'finish' && last.usage);
  assert.equal(last.reason, reason);
  const { inputTokens, outputTokens, totalTokens } = last.usage;
  assert.ok(inputTokens > 0 && totalTokens === inputTokens + outputTokens);
}
