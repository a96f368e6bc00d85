import assert from 'node:assert/strict';
import { ProviderError } from '../../../src/core/errors.ts';
import type { Provider } from '../../../src/core/ports/provider.ts';
import { createCountedAbort } from '../../support/counted-signal.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { until } from '../../support/until.ts';
import { callOf, gather, textIn } from '../wires.ts';
import { createMade, type Deed, type MadePackage, makePackage } from './made-package.ts';

const never = new AbortController().signal;
const deadlines = { firstChunkMs: 5000, idleMs: 2000, totalMs: 60_000 };
/** How late a deadline may be seen. */
const SWEEP = 100;

/** The package of these tests hears no signal: what is promised is kept all the same. */
describe('a package that falls silent', () => {
  let made: MadePackage;
  let clock: HandClock;
  let provider: Provider;
  beforeEach(async () => {
    made = await makePackage();
    clock = new HandClock();
    provider = await createMade(made, { clock, deadlines });
  });
  afterEach(async () => {
    await provider.close();
    made.remove();
  });

  const rows: [title: string, deed: Deed, stream: boolean][] = [
    ['a stream', { silentAfter: 'nothing' }, true],
    ['the first part of a stream', { silentAfter: 0 }, true],
    ['the first part that says something', { silentAfter: 1 }, true],
    ['a whole answer', { silentAfter: 'nothing' }, false],
  ];
  for (const [title, deed, stream] of rows) {
    it(`is given up waiting for ${title}`, async () => {
      made.next(deed);
      const ended: unknown[] = [];
      const answer = gather(provider.call(callOf('hello there', { stream }), never)).then((end) =>
        ended.push(end.error),
      );
      await until(() => made.calls.length === 1);
      await turns();
      clock.advance(deadlines.firstChunkMs - 1);
      await turns();
      assert.deepEqual(ended, [], 'gave up too early');
      clock.advance(SWEEP + 1);
      await answer;
      assertTimeout(ended[0], /first chunk/);
      assert.ok(signalOf(made).aborted, 'the package was not told');
    });

    it(`is left at once by an abort while it owes ${title}`, async () => {
      made.next(deed);
      const abort = createCountedAbort();
      const reason = new Error('gone');
      const answer = gather(provider.call(callOf('hello there', { stream }), abort.signal));
      await until(() => made.calls.length === 1);
      await turns();
      const at = performance.now();
      abort.abort(reason);
      assert.equal((await answer).error, reason);
      assert.ok(performance.now() - at < 100);
      assert.equal(abort.listeners(), 0);
      assert.ok(signalOf(made).aborted);
    });
  }

  it('is given up in the midst of a stream, after what it said', async () => {
    made.next({ silentAfter: 5 });
    const answer = gather(provider.call(callOf('one two three four'), never));
    await until(() => made.calls.length === 1);
    await turns();
    clock.advance(deadlines.idleMs + SWEEP);
    const { events, error } = await answer;
    assert.equal(textIn(events), 'one two ');
    assertTimeout(error, /next chunk/);
    assert.equal(made.cancelled, 1);
  });

  it('is not blamed for a reader who takes its time, until all time is over', async () => {
    const answer = provider.call(callOf('one two three four'), never)[Symbol.asyncIterator]();
    await answer.next();
    clock.advance(deadlines.idleMs * 5);
    assert.equal((await answer.next()).done, false);
    clock.advance(deadlines.totalMs);
    await assert.rejects(answer.next(), (error) => assertTimeout(error, /no end/));
  });

  it('is given up, or left, when its embeddings do not come', async () => {
    const hung = await createMade(made, { clock, deadlines, models: ['vectors'] });
    const embed = (signal: AbortSignal) => {
      made.next({ silentAfter: 'nothing' });
      return Promise.resolve(hung.embed?.({ model: 'vectors', input: ['a'] }, signal));
    };
    const late = embed(never);
    const abort = createCountedAbort();
    const left = embed(abort.signal);
    await until(() => made.calls.length === 2);
    abort.abort(new Error('gone'));
    await assert.rejects(left, /gone/);
    assert.equal(abort.listeners(), 0);
    clock.advance(deadlines.firstChunkMs + SWEEP);
    await assert.rejects(late, (error) => assertTimeout(error, /first chunk/));
    await assert.rejects(embed(abort.signal), /gone/);
    assert.equal(made.calls.length, 2);
    await hung.close();
  });

  it('leaves no timer behind', async () => {
    await gather(provider.call(callOf('hello'), never));
    clock.advance(SWEEP);
    assert.equal(clock.pending, 0);
  });

  it('is told that a reader left', async () => {
    const answer = provider.call(callOf('one two three'), never)[Symbol.asyncIterator]();
    await answer.next();
    await answer.return?.();
    assert.equal(made.cancelled, 1);
    assert.ok(signalOf(made).aborted);
  });

  it('has its stream cancelled when it comes after its caller left', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    made.next({ waitsFor: promise });
    const abort = new AbortController();
    const answer = gather(provider.call(callOf('hello'), abort.signal));
    await until(() => made.calls.length === 1);
    abort.abort(new Error('gone'));
    assert.match(String((await answer).error), /gone/);
    resolve();
    await until(() => made.cancelled === 1);
  });
});

describe('an answer of a package', () => {
  let made: MadePackage;
  beforeEach(async () => {
    made = await makePackage();
  });
  afterEach(() => made.remove());

  for (const stream of [true, false])
    it(`may not be longer than allowed, ${stream ? 'stream' : 'whole'}`, async () => {
      const provider = await createMade(made, { maxAnswerBytes: 20 });
      const short = await gather(provider.call(callOf('x'.repeat(20), { stream }), never));
      assert.equal(short.error, undefined);
      const { error } = await gather(provider.call(callOf('word '.repeat(5), { stream }), never));
      assert.ok(error instanceof ProviderError && error.kind === 'malformed');
      await provider.close();
    });

  it('is read no faster than somebody takes it', async () => {
    const provider = await createMade(made);
    const pulled: number[] = [];
    const parts = Array.from({ length: 1000 }, (_, n) => ({
      type: 'text-delta',
      id: '0',
      get delta() {
        pulled.push(n);
        return 'word ';
      },
    }));
    made.next({ parts });
    const answer = provider.call(callOf('hello'), never)[Symbol.asyncIterator]();
    await answer.next();
    await turns();
    assert.deepEqual(new Set(pulled), new Set([0]));
    await answer.return?.();
    await provider.close();
  });

  it('proves for half a minute that its provider is down', async () => {
    const clock = new HandClock();
    const provider = await createMade(made, { clock });
    await provider.probe(never);
    made.next({ throws: Object.assign(new Error('no'), { name: 'AI_APICallError', statusCode: 503 }) });
    await gather(provider.call(callOf('hello'), never));
    await assert.rejects(provider.probe(never), { kind: 'unavailable' });
    clock.advance(30_000);
    await provider.probe(never);
    made.next({ throws: Object.assign(new Error('no'), { name: 'AI_APICallError', statusCode: 400 }) });
    await gather(provider.call(callOf('hello'), never));
    await provider.probe(never);
    await provider.close();
  });

  it('comes from no tool that its version cannot hold to the schema', async () => {
    const call = callOf('hello', { tools: [{ name: 'look', parameters: {}, strict: true }] });
    for (const version of ['v2', 'v3', 'v4']) {
      const provider = await createMade(made, { settings: { version } });
      const { error } = await gather(provider.call(call, never));
      if (version !== 'v2') assert.equal(error, undefined);
      else assert.ok(error instanceof ProviderError && error.parameter === 'tools');
      await provider.close();
    }
    assert.equal(made.calls.length, 2);
  });

  it('comes with no effort that its version has no word for', async () => {
    const call = callOf('hello', { reasoningEffort: 'low' });
    for (const version of ['v2', 'v3', 'v4']) {
      const provider = await createMade(made, { settings: { version } });
      const { error } = await gather(provider.call(call, never));
      if (version === 'v4') assert.equal(error, undefined);
      else assert.ok(error instanceof ProviderError && error.parameter === 'reasoningEffort');
      await provider.close();
    }
    assert.deepEqual(
      made.calls.map(({ reasoning }) => reasoning),
      ['low'],
    );
  });

  for (const [provider, version, is] of [
    ['openai.chat', 'v4', 'told'],
    ['openai.responses', 'v4', 'told'],
    ['azure.responses', 'v4', 'told'],
    ['openai.chat', 'v3', 'refused'],
    ['openai.completion', 'v4', 'refused'],
    ['azure.deepseek', 'v4', 'refused'],
    ['xai.responses', 'v4', 'refused'],
    ['made.echo', 'v4', 'refused'],
  ] as const)
    for (const stream of [true, false])
      it(`is ${is} how long it is to be, from ${provider} (${version}), ${stream ? 'stream' : 'whole'}`, async () => {
        const sdk = await createMade(made, { settings: { provider, version } });
        const { error } = await gather(sdk.call(callOf('hello', { verbosity: 'low', stream }), never));
        await sdk.close();
        if (is === 'refused') {
          assert.ok(error instanceof ProviderError);
          assert.deepEqual([error.kind, error.parameter], ['unsupported_parameter', 'verbosity']);
          assert.equal(made.calls.length, 0);
          return;
        }
        assert.equal(error, undefined);
        assert.deepEqual(made.calls[0]?.providerOptions, { openai: { textVerbosity: 'low' } });
      });

  for (const version of ['v2', 'v3', 'v4'])
    it(`may be vectors, in batches as large as the vendor takes (${version})`, async () => {
      const provider = await createMade(made, { models: ['vectors'], settings: { version } });
      assert.deepEqual(await provider.embed?.({ model: 'vectors', input: ['a', 'bb', 'ccc'] }, never), {
        vectors: [
          [1, 0],
          [2, 0],
          [3, 0],
        ],
        usage: { inputTokens: 3, outputTokens: 0, totalTokens: 3 },
      });
      assert.deepEqual(
        made.calls.map(({ values }) => values),
        [['a', 'bb'], ['ccc']],
      );
      const small = async () => provider.embed?.({ model: 'vectors', input: ['a'], dimensions: 2 }, never);
      if (version === 'v4') assert.deepEqual((await small())?.vectors, [[1, 2]]);
      else await assert.rejects(small(), { kind: 'unsupported_parameter', parameter: 'dimensions' });
      await assert.rejects(async () => provider.embed?.({ model: 'other', input: ['a'] }, never), {
        kind: 'model_not_found',
      });
      await provider.close();
    });
});

/** Many turns of the loop, in which whatever can go on does. */
async function turns(): Promise<void> {
  let left = 20;
  await until(() => left-- === 0);
}

function signalOf(made: MadePackage): AbortSignal {
  const signal = made.calls[0]?.abortSignal;
  assert.ok(signal instanceof AbortSignal);
  return signal;
}

function assertTimeout(error: unknown, says: RegExp): true {
  assert.ok(error instanceof ProviderError, String(error));
  assert.equal(error.kind, 'timeout');
  assert.match(error.message, says);
  return true;
}
