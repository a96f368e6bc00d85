import assert from 'node:assert/strict';
import { ProviderError, type ProviderFault } from '../../../src/core/errors.ts';
import { createModels, type ModelsSettings } from '../../../src/core/models.ts';
import type { Provider } from '../../../src/core/ports/provider.ts';
import { createRouting, type RetrySettings } from '../../../src/core/routing/routing.ts';
import type { Run } from '../../../src/core/run.ts';
import { createCountedAbort } from '../../support/counted-signal.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { isError } from '../../support/is-error.ts';
import { alice } from '../../support/make-gateway.ts';
import { createRecordingLog } from '../../support/recording-log.ts';
import { createRecordingMetrics } from '../../support/recording-metrics.ts';
import { createSeededRandom } from '../../support/seeded-random.ts';
import { until } from '../../support/until.ts';

type Outcome = 'fine' | 'hangs' | { fails: ProviderFault; retryAfterMs?: number; shouldRetry?: boolean };

const states = { isUp: () => true, all: () => ({}), succeeded() {}, failed() {}, watch: () => () => {} };

/** Providers `a` and `b` that both have the model `m`, and a clock that is turned while somebody waits. */
function makeRouting(
  outcomes: Record<string, (index: number) => Outcome>,
  given: Partial<ModelsSettings & { retries: RetrySettings }> = {},
) {
  const clock = new HandClock();
  const random = createSeededRandom();
  const metrics = createRecordingMetrics();
  const calls: { provider: string; at: number }[] = [];
  const providers = Object.keys(outcomes).map(
    (name): Provider => ({
      name,
      models: ['m'],
      configured: true,
      call: () => assert.fail('asked through start'),
      probe: async () => {},
      close: async () => {},
    }),
  );
  const models = createModels({ providers, states, clock, random }, { default: 'm', routes: {}, ...given });
  const retries = given.retries ?? { attempts: 3, deadlineMs: 60_000 };
  const routing = createRouting({ clock, random, log: createRecordingLog(), metrics, states }, retries);

  async function* answer(name: string, signal: AbortSignal): AsyncGenerator<string, void> {
    const index = calls.filter(({ provider }) => provider === name).length;
    calls.push({ provider: name, at: clock.now() });
    const outcome = outcomes[name]?.(index) ?? 'fine';
    if (outcome === 'hangs') {
      signal.throwIfAborted();
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    }
    if (typeof outcome === 'object') throw new ProviderError(outcome.fails, 'scripted', outcome);
    yield `from ${name}`;
  }

  const abort = createCountedAbort();
  async function ask(model = 'm'): Promise<Run> {
    const run: Run = { ...blank, model };
    const { signal } = abort;
    await routing.begin({
      run,
      candidates: models.candidates(alice, model),
      signal,
      start: ({ provider }) => answer(provider.name, signal),
      speaks: (text: string) => text !== '',
      finishes: () => true,
    });
    return run;
  }

  /** Asks, and lets the time pass that is waited for meanwhile. */
  async function askAndWait(model?: string): Promise<Run> {
    let isOver = false;
    const asked = ask(model).finally(() => {
      isOver = true;
    });
    asked.catch(() => {});
    await until(() => {
      if (!isOver) clock.advance(10);
      return isOver;
    });
    return asked;
  }

  return { clock, calls, models, metrics, routing, abort, ask, askAndWait };
}

const blank: Run = {
  id: 'run_1',
  sessionId: 's',
  user: 'alice',
  channel: 'api',
  state: 'running',
  model: 'm',
  attempts: 0,
  createdAt: 0,
};
const fails =
  (kind: ProviderFault, more = {}) =>
  (): Outcome => ({ fails: kind, ...more });

describe('routing', () => {
  it('tries again after a pause of full jitter, as often as it may', async () => {
    const { calls, askAndWait } = makeRouting({ a: (index) => (index < 2 ? { fails: 'unavailable' } : 'fine') });
    const run = await askAndWait();
    assert.deepEqual([run.attempts, run.provider, calls.length], [3, 'a', 3]);
    const [first = 0, second = 0, third = 0] = calls.map(({ at }) => at);
    assert.ok(second - first <= 260 && third - second <= 510, `${second - first}, ${third - second}`);
  });

  it('gives up after the attempts it has, with what the provider failed with', async () => {
    const { calls, askAndWait } = makeRouting({ a: fails('timeout') });
    await assert.rejects(askAndWait(), (error) => error instanceof ProviderError && error.kind === 'timeout');
    assert.equal(calls.length, 3);
  });

  it('gives up when its time is over', async () => {
    const rig = makeRouting({ a: fails('unavailable') }, { retries: { attempts: 10, deadlineMs: 100 } });
    await assert.rejects(rig.askAndWait(), ProviderError);
    assert.ok(rig.calls.every(({ at }) => at - (rig.calls[0]?.at ?? 0) <= 100));
  });

  const single: [name: string, outcome: () => Outcome, calls: number][] = [
    ['a fault of the request is not tried again', fails('invalid_request'), 1],
    ['a refused key is not tried again', fails('unauthorized'), 1],
    ['unless another key may do', fails('unauthorized', { shouldRetry: true }), 3],
    ['what the provider says not to try again is not', fails('unavailable', { shouldRetry: false }), 1],
    [
      'a pause that is longer than a client waits is not waited for',
      fails('rate_limited', { retryAfterMs: 20_000 }),
      1,
    ],
  ];
  for (const [name, outcome, count] of single) {
    it(name, async () => {
      const { calls, askAndWait } = makeRouting({ a: outcome });
      await assert.rejects(askAndWait(), ProviderError);
      assert.equal(calls.length, count);
    });
  }

  it('waits for as long as a provider asks for, when that is short', async () => {
    const rig = makeRouting({ a: (index) => (index === 0 ? { fails: 'rate_limited', retryAfterMs: 3000 } : 'fine') });
    await rig.askAndWait();
    const [first, second] = rig.calls;
    assert.ok((second?.at ?? 0) - (first?.at ?? 0) >= 3000);
  });

  it('asks every candidate before it asks one again', async () => {
    const rig = makeRouting(
      { a: fails('unavailable'), b: (index) => (index === 0 ? { fails: 'timeout' } : 'fine') },
      { retries: { attempts: 4, deadlineMs: 60_000 } },
    );
    const run = await rig.askAndWait();
    assert.deepEqual(rig.calls.map(({ provider }) => provider).slice(0, 2), ['a', 'b']);
    assert.equal(run.attempts <= 4, true);
  });

  it('stops trying when the client leaves', async () => {
    const { clock, calls, ask, abort } = makeRouting({ a: fails('unavailable') });
    const asked = ask();
    asked.catch(() => {});
    await until(() => clock.pending > 0);
    abort.abort(new Error('left'));
    await assert.rejects(asked, /left/);
    clock.advance(60_000);
    assert.equal(calls.length, 1);
    assert.equal(clock.pending, 0);
    assert.equal(abort.listeners(), 0);
  });

  it('notes the end of an answer once, whoever leaves afterwards', async () => {
    const { routing, models, metrics } = makeRouting({ a: () => 'fine' });
    const start = async function* () {
      yield 'one';
      yield 'two';
    };
    const answering = await routing.begin({
      run: { ...blank },
      candidates: models.candidates(alice, 'm'),
      signal: createCountedAbort().signal,
      start,
      speaks: () => true,
      finishes: (text: string) => text === 'two',
    });
    assert.equal(answering.first, 'one');
    assert.equal(await answering.next(), 'two');
    await answering.leave();
    const noted = metrics.calls.filter(({ name }) => name === 'providerCall');
    assert.deepEqual(
      noted.map(({ arguments: [labels] }) => labels),
      [{ provider: 'a', outcome: 'completed' }],
    );
  });

  it('does not blame the provider for a client that left', async () => {
    const { ask, abort, models } = makeRouting({ a: () => 'hangs' });
    for (let count = 0; count < 6; count += 1) {
      const asked = ask();
      asked.catch(() => {});
      abort.abort(new Error('left'));
      await assert.rejects(asked, /left/);
    }
    assert.equal(models.targets()[0]?.state, 'closed');
  });

  it('keeps away from what failed five times, and from then on the second answers at the first try', async () => {
    const { calls, askAndWait, models, metrics } = makeRouting({ a: fails('unavailable'), b: () => 'fine' });
    for (let count = 0; count < 5; count += 1) assert.equal((await askAndWait()).attempts, 2);
    assert.equal(models.targets()[0]?.state, 'open');
    for (let count = 0; count < 100; count += 1) {
      const run = await askAndWait();
      assert.deepEqual([run.attempts, run.provider], [1, 'b']);
    }
    assert.equal(calls.filter(({ provider }) => provider === 'a').length, 5);
    assert.deepEqual(metrics.calls.find(({ name }) => name === 'targetAvoided')?.arguments, [
      { provider: 'a', model: 'm' },
      true,
    ]);
  });

  it('says when to come back while everybody is kept away from', async () => {
    const { askAndWait, models } = makeRouting({ a: fails('unavailable') });
    while (models.targets()[0]?.state === 'closed') await assert.rejects(askAndWait());
    await assert.rejects(askAndWait(), (error) => {
      assert.ok(error instanceof ProviderError);
      return error.kind === 'unavailable' && (error.retryAfterMs ?? 0) > 20_000;
    });
    assert.equal(models.list(alice)[0]?.available, false);
  });

  it('lets one request see whether it works again', async () => {
    let works = false;
    const rig = makeRouting(
      { a: () => (works ? 'fine' : { fails: 'unavailable' }) },
      { retries: { attempts: 1, deadlineMs: 1000 } },
    );
    for (let count = 0; count < 5; count += 1) await assert.rejects(rig.ask());
    works = true;
    await assert.rejects(rig.ask());
    rig.clock.advance(30_000);
    await rig.ask();
    assert.equal(rig.models.targets()[0]?.state, 'closed');
  });

  it('never makes an outage worse: attempts stay below 1.2 × requests + 3', async () => {
    let index = 0;
    // Four of five fail, so that the breaker stays shut and only the budget holds the retries back.
    const { calls, askAndWait } = makeRouting({ a: () => (index++ % 5 === 4 ? 'fine' : { fails: 'unavailable' }) });
    let requests = 0;
    for (; requests < 200; requests += 1) await askAndWait().catch(() => {});
    const start = calls[0]?.at ?? 0;
    const inFirst = calls.filter(({ at }) => at - start < 10_000).length;
    assert.ok(
      calls.length <= 1.2 * requests + 3 * Math.ceil(((calls.at(-1)?.at ?? 0) - start) / 10_000 + 1),
      `${calls.length}`,
    );
    assert.ok(inFirst > 0);
  });

  it('gives a model to the key that may use it under either of its names', () => {
    const { models } = makeRouting({ a: () => 'fine' }, { aliases: { fast: 'm' } });
    assert.equal(models.candidates({ ...alice, models: ['m'] }, 'fast').length, 1);
    assert.equal(models.candidates({ ...alice, models: ['fast'] }, 'fast').length, 1);
    assert.throws(() => models.candidates({ ...alice, models: ['fast'] }, 'm'), isError('FORBIDDEN'));
    assert.throws(() => makeRouting({ a: () => 'fine' }, { aliases: { fast: 'none' } }), /fast stands for none/);
  });

  it('shares the first place by weight and keeps the rest for later', async () => {
    const routes = {
      r: [
        { target: 'a/m', weight: 9 },
        { target: 'b/m', weight: 1 },
      ],
    };
    const { calls, askAndWait } = makeRouting({ a: () => 'fine', b: () => 'fine' }, { routes });
    for (let count = 0; count < 300; count += 1) await askAndWait('r');
    const share = calls.filter(({ provider }) => provider === 'a').length / calls.length;
    assert.ok(share > 0.83 && share < 0.97, `${share}`);
  });
});
