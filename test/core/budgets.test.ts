import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type BudgetReservation, type Budgets, createBudgets } from '../../src/core/budgets.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { periodAt } from '../../src/core/period.ts';
import type { UsageStore } from '../../src/core/ports/usage-store.ts';
import type { Budget } from '../../src/core/principal.ts';
import { HandClock } from '../support/hand-clock.ts';
import { isError } from '../support/is-error.ts';

const day = 86_400_000;
const dollar = 1_000_000_000;
const key = { keyId: 'key_1', user: 'ann' };
const daily: Budget = { amount: 1, period: 'day' };

describe('a budget', () => {
  let clock: HandClock;
  let reads: string[];
  let stored: number;
  let store: UsageStore;
  let budgets: Budgets;

  beforeEach(() => {
    clock = new HandClock(Date.UTC(2026, 10, 22, 18));
    reads = [];
    stored = 0;
    store = {
      listUsage: async () => ({ items: [] }),
      async costSince(user, keyId, from) {
        reads.push(`${user} ${keyId} ${from}`);
        return stored;
      },
    };
    budgets = createBudgets(store, () => clock.now());
  });

  const refusal = (cost: number, budget = daily) =>
    budgets.reserve(key, budget, cost).then(
      () => assert.fail('it was let in'),
      (error: unknown) => {
        assert.ok(error instanceof GatewayError);
        assert.equal(error.code, 'BUDGET_EXCEEDED');
        return error;
      },
    );

  it('lets in what its rest covers, to the last billionth', async () => {
    await budgets.reserve(key, daily, 0.6 * dollar);
    await refusal(0.4 * dollar + 1);
    await budgets.reserve(key, daily, 0.4 * dollar);
    await refusal(1);
  });

  it('counts what was spent, not what was reserved, and once', async () => {
    const run = await budgets.reserve(key, daily, dollar);
    run.settle(0.25 * dollar, clock.now());
    run.settle(0.25 * dollar, clock.now());
    assert.deepEqual(await budgets.spent(key, daily), { amount: 0.25 * dollar, resetsAt: Date.UTC(2026, 10, 23) });
    await budgets.reserve(key, daily, 0.75 * dollar);
    await refusal(1);
  });

  it('goes on from what the ledger has', async () => {
    stored = 0.9 * dollar;
    await refusal(0.2 * dollar);
    await budgets.reserve(key, daily, 0.1 * dollar);
    assert.deepEqual(reads, ['ann key_1 2026-11-22'], 'and reads it once');
  });

  it('reads the ledger from the beginning of the month', async () => {
    await budgets.spent(key, { amount: 1, period: 'month' });
    assert.deepEqual(reads, ['ann key_1 2026-11-01']);
  });

  it('reads the ledger once for many that come together, and lets in no more of them', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 1000 }, () => budgets.reserve(key, daily, 0.01 * dollar)),
    );
    assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 100);
    assert.equal(reads.length, 1);
  });

  it('reads the ledger again when it could not be read', async () => {
    const { costSince } = store;
    store.costSince = async () => {
      throw new GatewayError('STORE_UNAVAILABLE', 'disk full');
    };
    await assert.rejects(budgets.reserve(key, daily, 1), isError('STORE_UNAVAILABLE'));
    store.costSince = costSince;
    await budgets.reserve(key, daily, 1);
  });

  it('begins anew with the day, and holds what is under way', async () => {
    const run = await budgets.reserve(key, daily, 0.6 * dollar);
    clock.advance(6 * 3_600_000);
    assert.deepEqual(await budgets.spent(key, daily), { amount: 0, resetsAt: Date.UTC(2026, 10, 24) });
    await refusal(0.5 * dollar);
    run.settle(0.5 * dollar, clock.now());
    assert.equal((await budgets.spent(key, daily)).amount, 0.5 * dollar, 'it ended in the new day');
  });

  it('counts a run that ended before midnight in the day in which it ended', async () => {
    const run = await budgets.reserve(key, daily, 0.6 * dollar);
    const endedAt = clock.now();
    clock.advance(6 * 3_600_000);
    await budgets.spent(key, daily);
    run.settle(0.6 * dollar, endedAt);
    assert.equal((await budgets.spent(key, daily)).amount, 0);
  });

  it('lets in what has no known price, and counts it when it turns out to have one', async () => {
    stored = 2 * dollar;
    const run = await budgets.reserve(key, daily, undefined);
    run.settle(5, clock.now());
    assert.equal((await budgets.spent(key, daily)).amount, 2 * dollar + 5);
  });

  it('is each key’s own', async () => {
    await budgets.reserve(key, daily, dollar);
    await budgets.reserve({ keyId: 'key_2', user: 'ann' }, daily, dollar);
  });

  describe('that is exceeded says what to do', () => {
    const six = 6 * 3600;
    it('when it is spent', async () => {
      stored = dollar;
      const { message, retryAfter } = await refusal(1);
      const says = "The key's budget of 1 USD a day is spent; it begins anew on 2026-11-23, UTC.";
      assert.deepEqual([message, retryAfter], [says, six]);
    });

    it('when it is spent for longer than the contract has words for', async () => {
      stored = dollar;
      const { message, retryAfter } = await refusal(1, { amount: 1, period: 'month' });
      assert.match(message, /begins anew on 2026-12-01, UTC/);
      assert.equal(retryAfter, 86_400);
    });

    it('when the request could cost more than is left', async () => {
      stored = 0.9 * dollar;
      const { message, retryAfter } = await refusal(0.2 * dollar);
      assert.match(
        message,
        /could cost 0.2 USD. The key's budget of 1 USD a day has 0.1 USD left; it begins anew on 2026-11-23, UTC. Name a smaller/,
      );
      assert.equal(retryAfter, six);
    });

    it('when runs under way may need the rest', async () => {
      await budgets.reserve(key, daily, 0.9 * dollar);
      const { message, retryAfter } = await refusal(0.2 * dollar);
      assert.match(message, /runs under way may need it/);
      assert.equal(retryAfter, 1);
    });
  });

  it('is never passed by more than what runs under way cost beyond their estimates', async () => {
    const step = fc.oneof<fc.Arbitrary<Step>[]>(
      fc.record({ type: fc.constant('begin' as const), estimate: fc.nat(dollar) }),
      fc.record({ type: fc.constant('end' as const), which: fc.nat(20), factor: fc.constantFrom(0, 0.3, 1, 1.7) }),
      fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(1000, day / 2, day) }),
    );
    const length = fc.constantFrom<'day' | 'month'>('day', 'month');
    await fc.assert(fc.asyncProperty(length, fc.array(step, { size: 'medium' }), run), { numRuns: 200 });

    async function run(period: 'day' | 'month', steps: Step[]): Promise<void> {
      clock = new HandClock(Date.UTC(2026, 10, 22, 18));
      budgets = createBudgets(store, () => clock.now());
      const budget = { amount: 1, period };
      const under: Course = { budgets, clock, budget, running: [], ledger: new Map(), beyond: 0 };
      for (const next of steps) {
        await take(next, under);
        const { ledger, beyond } = under;
        const { amount, resetsAt } = await budgets.spent(key, budget);
        assert.equal(amount, ledger.get(resetsAt) ?? 0, 'what is spent is what the ledger has');
        assert.ok(amount <= dollar + beyond);
      }
    }
  });
});

interface Course {
  budgets: Budgets;
  clock: HandClock;
  budget: Budget;
  running: { held: BudgetReservation; estimate: number }[];
  /** What was spent, by the end of the period. */
  ledger: Map<number, number>;
  /** By how much runs cost more than was estimated. */
  beyond: number;
}

async function take(step: Step, course: Course): Promise<void> {
  const { budgets, clock, budget, running, ledger } = course;
  switch (step.type) {
    case 'wait':
      return clock.advance(step.ms);
    case 'begin': {
      const { estimate } = step;
      const held = await budgets.reserve(key, budget, estimate).catch(() => undefined);
      if (held) running.push({ held, estimate });
      return;
    }
    case 'end': {
      const [ended] = running.splice(step.which % Math.max(1, running.length), 1);
      if (!ended) return;
      const cost = Math.round(ended.estimate * step.factor);
      ended.held.settle(cost, clock.now());
      course.beyond += Math.max(0, cost - ended.estimate);
      const { end } = periodAt(clock.now(), budget.period);
      ledger.set(end, (ledger.get(end) ?? 0) + cost);
    }
  }
}

type Step =
  | { type: 'begin'; estimate: number }
  | { type: 'end'; which: number; factor: number }
  | { type: 'wait'; ms: number };
