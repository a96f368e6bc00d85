import assert from 'node:assert/strict';
import { mock } from 'node:test';
import fc from 'fast-check';
import { createMemoryLimiter } from '../../src/coordination/memory/limiter.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { createLimits, type Limits } from '../../src/core/limits.ts';
import type { Limiter } from '../../src/core/ports/limiter.ts';
import type { Principal, PrincipalLimits } from '../../src/core/principal.ts';
import type { RunReservation } from '../../src/core/run-limits.ts';
import { systemClock } from '../../src/system/clock.ts';
import { isError } from '../support/is-error.ts';
import { alice } from '../support/make-gateway.ts';

const minute = 60_000;

describe('limits of runs', () => {
  let limiter: Limiter;
  let limits: Limits;
  beforeEach(() => {
    mock.timers.enable({ apis: ['Date', 'setTimeout'], now: Date.UTC(2026, 10, 22) });
    limiter = createMemoryLimiter(systemClock);
    limits = createLimits(limiter, () => systemClock.now(), { authFailuresPerMinute: 2 });
  });
  afterEach(() => mock.timers.reset());

  const limited = (more: Partial<PrincipalLimits>): Principal => ({
    ...alice,
    limits: { requestsPerMinute: 1_000_000, ...more },
  });
  const reserve = (more: Partial<PrincipalLimits>, tokens = 10, model = 'm') =>
    limits.reserveRun(limited(more), model, { inputTokens: tokens, outputTokens: 0 });
  /** What was granted of so many at once. */
  async function granted(attempts: Promise<RunReservation>[]): Promise<RunReservation[]> {
    const results = await Promise.allSettled(attempts);
    return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }
  const many = (count: number, more: Partial<PrincipalLimits>, tokens?: number) =>
    granted(Array.from({ length: count }, () => reserve(more, tokens)));

  it('let exactly 100 of 10,000 at once run, and one more for each that ends', async () => {
    const running = await many(10_000, { concurrentRuns: 100 });
    assert.equal(running.length, 100);
    for (const one of running.slice(0, 7)) one.settle(0);
    assert.equal((await many(10_000, { concurrentRuns: 100 })).length, 7);
  });

  it('reserve exactly as many tokens of 10,000 requests at once as there are', async () => {
    assert.equal((await many(10_000, { tokensPerMinute: 1009 }, 10)).length, 100);
  });

  it('begin exactly 100 runs a minute of a model', async () => {
    const more = { models: { m: { requestsPerMinute: 100 } } };
    assert.equal((await many(10_000, more)).length, 100);
    assert.equal((await reserve(more, 10, 'other')).tokens, undefined, 'another model is not concerned');
    mock.timers.tick(minute);
    assert.equal((await many(200, more)).length, 100);
  });

  it('hold nothing where there are none', async () => {
    const free = await reserve({ models: { other: { concurrentRuns: 1 } } });
    assert.equal(free.tokens, undefined);
    free.settle(5);
  });

  it('give a place up once, however often a run is settled', async () => {
    const [first, second] = await many(2, { concurrentRuns: 2 });
    first?.settle(0);
    first?.settle(0);
    assert.equal((await many(5, { concurrentRuns: 2 })).length, 1);
    second?.settle(0);
  });

  it('correct tokens to what was used', async () => {
    const more = { tokensPerMinute: 100 };
    const run = await reserve(more, 90);
    assert.deepEqual(run.tokens, { limit: 100, remaining: 10, resetAt: systemClock.now() + minute });
    await assert.rejects(reserve(more, 11), isError('RATE_LIMITED'));
    run.settle(30);
    run.settle(0);
    assert.equal((await reserve(more, 70)).tokens?.remaining, 0);
  });

  it('count what was used beyond what was reserved', async () => {
    const more = { tokensPerMinute: 100 };
    (await reserve(more, 10)).settle(95);
    await assert.rejects(reserve(more, 6), isError('RATE_LIMITED'));
    await reserve(more, 5);
  });

  it('give nothing of an older window back into a newer one', async () => {
    const more = { tokensPerMinute: 100, concurrentRuns: 2 };
    const old = await reserve(more, 100);
    mock.timers.tick(minute);
    const next = await reserve(more, 60);
    old.settle(0);
    assert.equal(next.tokens?.remaining, 40);
    await assert.rejects(reserve(more, 41), isError('RATE_LIMITED'), 'tokens of the old window');
    assert.equal((await reserve(more, 40)).tokens?.remaining, 0, 'its place is free all the same');
  });

  it('tell of key and model the limit on tokens with less left', async () => {
    const more = { tokensPerMinute: 100, models: { m: { tokensPerMinute: 50 } } };
    assert.equal((await reserve(more, 20)).tokens?.remaining, 30);
    assert.equal((await reserve(more, 60, 'other')).tokens?.remaining, 20);
    assert.equal((await reserve(more, 20)).tokens?.limit, 100);
  });

  it('keep the accounts apart', async () => {
    const more = { concurrentRuns: 1, tokensPerMinute: 10 };
    await reserve(more);
    await limits.reserveRun({ ...limited(more), account: 'key:other' }, 'm', { inputTokens: 5, outputTokens: 5 });
  });

  describe('that refuse', () => {
    async function refusal(attempt: Promise<unknown>): Promise<GatewayError> {
      const error = await attempt.then(
        () => assert.fail('it was granted'),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof GatewayError);
      return error;
    }

    const refusals: [name: string, more: Partial<PrincipalLimits>, tokens: number, says: RegExp, retryAfter: number][] =
      [
        ['a place', { concurrentRuns: 1 }, 1, /1 runs under way at once/, 1],
        ['a place of a model', { models: { m: { concurrentRuns: 1 } } }, 1, /1 runs of the model m under way/, 1],
        ['a beginning', { models: { m: { requestsPerMinute: 1 } } }, 1, /begin 1 runs of the model m a minute/, 60],
        ['tokens', { tokensPerMinute: 100 }, 60, /need 60 tokens, and 40 of the 100 a minute .* are left/, 60],
        ['tokens of a model', { models: { m: { tokensPerMinute: 99 } } }, 60, /60 tokens of the model m, and 39/, 60],
      ];
    for (const [name, more, tokens, says, retryAfter] of refusals) {
      it(`${name} say so`, async () => {
        await reserve(more, tokens);
        const error = await refusal(reserve(more, tokens));
        assert.deepEqual([error.code, error.retryAfter, error.retryable], ['RATE_LIMITED', retryAfter, true]);
        assert.match(error.message, says);
      });
    }

    const states: [name: string, more: Partial<PrincipalLimits>, limit: number, remaining: number][] = [
      ['the key’s', { tokensPerMinute: 100, models: { m: { tokensPerMinute: 1000 } } }, 100, 40],
      ['the model’s', { tokensPerMinute: 1000, models: { m: { tokensPerMinute: 99 } } }, 99, 39],
    ];
    for (const [whose, more, limit, remaining] of states) {
      it(`tell what is left where ${whose} tokens refuse`, async () => {
        await reserve(more, 60);
        mock.timers.tick(10_000);
        const { tokens, retryAfter } = await refusal(reserve(more, 60));
        assert.deepEqual(tokens, { limit, remaining, resetAt: systemClock.now() + 50_000 });
        assert.equal(retryAfter, 50);
      });
    }

    it('tell nothing of tokens where something else refuses', async () => {
      const more = { tokensPerMinute: 100, concurrentRuns: 1 };
      await reserve(more, 1);
      assert.equal((await refusal(reserve(more, 1))).tokens, undefined);
    });

    const bothLimits = { tokensPerMinute: 100, models: { m: { tokensPerMinute: 90 } } };
    const tooLarge: [more: Partial<PrincipalLimits>, input: number, output: number, limit: number, says: string][] = [
      [
        { tokensPerMinute: 100 },
        1,
        100,
        100,
        '101 tokens, 1 to read and 100 to answer: more than the 100 that the key may use in a whole minute. ' +
          'Name a maximum of 99 tokens or fewer for the answer, or send less.',
      ],
      [
        { tokensPerMinute: 100 },
        100,
        1,
        100,
        'to answer: more than the 100 that the key may use in a whole minute. Send less.',
      ],
      [
        { tokensPerMinute: 100 },
        101,
        0,
        100,
        '101 to read and 0 to answer: more than the 100 that the key may use in a whole minute. Send less.',
      ],
      [
        bothLimits,
        50,
        150,
        90,
        '200 tokens of the model m, 50 to read and 150 to answer: more than the 90 that the key may use in a whole minute. Name a maximum of 40 tokens',
      ],
      [bothLimits, 50, 45, 90, '95 tokens of the model m, '],
      [{ ...bothLimits, tokensPerMinute: 80 }, 50, 45, 80, '95 tokens, '],
    ];
    for (const [more, inputTokens, outputTokens, limit, says] of tooLarge) {
      it(`${inputTokens} and ${outputTokens} tokens of ${limit} a minute for good say what would do`, async () => {
        const error = await refusal(limits.reserveRun(limited(more), 'm', { inputTokens, outputTokens }));
        assert.deepEqual([error.code, error.retryAfter, error.retryable], ['RATE_LIMITED', 60, false]);
        assert.ok(error.message.includes(says), error.message);
        assert.deepEqual(error.tokens, { limit, remaining: limit, resetAt: systemClock.now() + minute });
      });
    }

    it('for good do so whatever else would refuse for now, and tell what is left', async () => {
      const more = { tokensPerMinute: 100, concurrentRuns: 1 };
      await reserve(more, 70);
      const { retryable, tokens } = await refusal(reserve(more, 101));
      assert.deepEqual([retryable, tokens?.remaining], [false, 30]);
    });

    it('do not refuse for good what fits exactly', async () => {
      assert.equal((await reserve({ tokensPerMinute: 100 }, 100)).tokens?.remaining, 0);
    });

    it('have taken nothing', async () => {
      const more = {
        tokensPerMinute: 100,
        concurrentRuns: 3,
        models: { m: { requestsPerMinute: 3, concurrentRuns: 3 } },
      };
      for (let attempt = 0; attempt < 5; attempt += 1) await assert.rejects(reserve(more, 101));
      assert.equal((await many(3, more, 33)).length, 3);
    });

    it('because counting failed have taken nothing either', async () => {
      const { reserve: real } = limiter;
      limiter.reserve = () => {
        throw new GatewayError('STORE_UNAVAILABLE', 'Nothing can be counted now.');
      };
      await assert.rejects(reserve({ concurrentRuns: 1, tokensPerMinute: 5 }, 1), isError('STORE_UNAVAILABLE'));
      limiter.reserve = real;
      await reserve({ concurrentRuns: 1, tokensPerMinute: 5 }, 1);
    });
  });

  it('are never passed by what was reserved, whatever runs do', async () => {
    const tokens = fc.integer({ min: 1, max: 60 });
    const step = fc.oneof<fc.Arbitrary<Step>[]>(
      fc.record({ type: fc.constant('begin' as const), tokens: fc.array(tokens, { maxLength: 4 }) }),
      fc.record({ type: fc.constant('end' as const), which: fc.nat(20), used: tokens }),
      fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(1, 30_000, minute) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 4 }), fc.array(step), run),
      { numRuns: 100 },
    );

    async function run(tokensPerMinute: number, concurrentRuns: number, steps: Step[]): Promise<void> {
      // What another run of this left in its window is over.
      mock.timers.tick(minute);
      const more = { tokensPerMinute, concurrentRuns };
      const tally = createTally();
      for (const next of steps) {
        await take(next, tally, (tokens) => reserve(more, tokens));
        assert.ok(tally.taken() <= tokensPerMinute, `${tally.taken()} taken of ${tokensPerMinute}`);
        assert.ok(tally.running() <= concurrentRuns);
      }
      while (tally.running() > 0) tally.end(0, 0);
      const after = await many(concurrentRuns + 3, { concurrentRuns });
      assert.equal(after.length, concurrentRuns, 'no place is left behind');
      for (const held of after) held.settle(0);
    }
  });
});

type Step =
  | { type: 'begin'; tokens: number[] }
  | { type: 'end'; which: number; used: number }
  | { type: 'wait'; ms: number };

async function take(
  step: Step,
  tally: ReturnType<typeof createTally>,
  reserve: (tokens: number) => Promise<RunReservation>,
): Promise<void> {
  switch (step.type) {
    case 'wait':
      return mock.timers.tick(step.ms);
    case 'end':
      return tally.end(step.which, step.used);
    case 'begin': {
      const wishes = step.tokens.map(async (count) => ({ count, held: await reserve(count) }));
      for (const result of await Promise.allSettled(wishes)) {
        if (result.status === 'fulfilled') tally.begin(result.value.held, result.value.count);
      }
    }
  }
}

/** What should be taken of the window that is, by those that run and by those that ran. */
function createTally() {
  let running: { held: RunReservation; tokens: number; window: number }[] = [];
  let used = 0;
  let window = 0;
  return {
    running: () => running.length,
    taken: () => running.reduce((sum, one) => sum + (one.window === window ? one.tokens : 0), used),
    begin(held: RunReservation, tokens: number) {
      const end = held.tokens?.resetAt ?? 0;
      if (end !== window) used = 0;
      window = end;
      running.push({ held, tokens, window });
    },
    /** No run uses more than what was reserved for it here: that would pass the limit by itself. */
    end(which: number, wanted: number) {
      const ended = running[which % Math.max(1, running.length)];
      if (!ended) return;
      const actual = Math.min(wanted, ended.tokens);
      ended.held.settle(actual);
      if (ended.window === window && systemClock.now() < window) used += actual;
      running = running.filter((one) => one !== ended);
    },
  };
}
