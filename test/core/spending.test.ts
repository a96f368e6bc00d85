import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { createMemoryLimiter } from '../../src/coordination/memory/limiter.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { createLimits } from '../../src/core/limits.ts';
import type { Principal, PrincipalLimits } from '../../src/core/principal.ts';
import { createSpending, type EndedRun, type RunWish, type Spend, type Spending } from '../../src/core/spending.ts';
import type { Usage } from '../../src/core/usage.ts';
import { systemClock } from '../../src/system/clock.ts';
import { isError } from '../support/is-error.ts';
import { alice } from '../support/make-gateway.ts';

const at = (provider: string, model: string) => ({ provider: { name: provider }, model });
const usage = (inputTokens: number, outputTokens: number): Usage => ({
  inputTokens,
  outputTokens,
  totalTokens: inputTokens + outputTokens,
});
const ended = (more: Partial<EndedRun> = {}): EndedRun => ({ attempts: 1, endedAt: systemClock.now(), ...more });
const left = { code: 'CLIENT_CLOSED', message: '', retryable: false } as const;
const down = { code: 'PROVIDER_UNAVAILABLE', message: '', retryable: true } as const;

describe('spending', () => {
  let spending: Spending;
  let stored: number;

  beforeEach(() => {
    mock.timers.enable({ apis: ['Date', 'setTimeout'], now: Date.UTC(2026, 10, 22) });
    stored = 0;
    const now = () => systemClock.now();
    spending = createSpending(
      {
        limits: createLimits(createMemoryLimiter(systemClock), now, { authFailuresPerMinute: 2 }),
        store: { listUsage: async () => ({ items: [] }), costSince: async () => stored },
        now,
      },
      {
        prices: { 'openai/m': { input: 1, output: 2 }, 'dear/m': { input: 1, output: 1000 } },
        answerBounds: { m: 100, 'openai/other': 70, 'anthropic/other': 80 },
      },
    );
  });
  afterEach(() => mock.timers.reset());

  const limited = (more: Partial<PrincipalLimits>): Principal => ({
    ...alice,
    keyId: 'key_1',
    limits: { requestsPerMinute: 1_000_000, ...more },
  });
  const wish = (more: Partial<RunWish> = {}): RunWish => ({
    model: 'm',
    candidates: [at('openai', 'm')],
    inputTokens: () => 10,
    ...more,
  });
  async function begin(limits: Partial<PrincipalLimits>, more: Partial<RunWish> = {}): Promise<Spend> {
    return spending.begin(limited(limits), wish(more));
  }
  /** What is left of the tokens, as the next run that needs one sees it. */
  async function tokensLeft(limits: Partial<PrincipalLimits>): Promise<number | undefined> {
    const next = await begin(limits, { inputTokens: () => 1, maxOutputTokens: 0 });
    next.settle(ended(), undefined);
    return next.tokens && next.tokens.remaining + 1;
  }

  describe('of a key without limits', () => {
    it('asks for no estimate, makes no promise and nothing else', () => {
      const inputTokens = () => assert.fail('nobody needs an estimate');
      const first = spending.begin(limited({ models: { other: { concurrentRuns: 1 } } }), wish({ inputTokens }));
      assert.ok(!(first instanceof Promise));
      assert.equal(spending.begin(alice, wish({ inputTokens })), first);
      assert.equal(first.tokens, undefined);
    });

    it('tells the cost all the same', async () => {
      const spend = await begin({});
      assert.equal(spend.settle(ended({ usage: usage(1000, 10) }), at('openai', 'm')), 1_020_000);
      assert.equal(spend.settle(ended({ usage: usage(1000, 10) }), at('openai', 'nobody')), undefined);
      assert.equal(spend.settle(ended({ usage: usage(1000, 10) }), undefined), undefined);
      assert.equal(spend.settle(ended(), at('openai', 'm')), undefined);
    });
  });

  describe('reserves', () => {
    const tokensPerMinute = 10_000;
    const bounds: [name: string, more: Partial<RunWish>, tokens: number][] = [
      ['what the request names', { maxOutputTokens: 33 }, 43],
      ['nothing for an answer of none', { maxOutputTokens: 0 }, 10],
      ['what is configured for the name', {}, 110],
      ['what is configured for the provider', { model: 'o', candidates: [at('openai', 'other')] }, 80],
      [
        'the most of all who may answer',
        { model: 'o', candidates: [at('openai', 'other'), at('anthropic', 'other')] },
        90,
      ],
      ['4096 where nobody said anything', { model: 'o', candidates: [at('openai', 'o')] }, 4106],
      ['4096 if one of them is not known', { model: 'o', candidates: [at('openai', 'other'), at('b', 'o')] }, 4106],
    ];
    for (const [name, more, tokens] of bounds) {
      it(name, async () => {
        const spend = await begin({ tokensPerMinute }, more);
        assert.equal(spend.tokens?.remaining, tokensPerMinute - tokens);
      });
    }

    it('of a budget what the dearest could cost', async () => {
      const budget = { amount: 0.1, period: 'day' } as const;
      await begin({ budget });
      const candidates = [at('openai', 'm'), at('dear', 'm'), at('free', 'm')];
      await assert.rejects(begin({ budget }, { candidates }), isError('BUDGET_EXCEEDED'));
      await begin({ budget: { amount: 0.2, period: 'day' } }, { candidates });
    });

    it('nothing of a budget for a model without a price', async () => {
      stored = 5_000_000_000;
      const budget = { amount: 1, period: 'day' } as const;
      await assert.rejects(begin({ budget }), isError('BUDGET_EXCEEDED'));
      await begin({ budget }, { candidates: [at('local', 'm')] });
    });

    it('no budget where a limit refuses, and no place where a budget does', async () => {
      const budget = { amount: 0.0003, period: 'day' } as const;
      for (let attempt = 0; attempt < 3; attempt += 1) {
        await assert.rejects(begin({ budget, tokensPerMinute: 50 }), isError('RATE_LIMITED'));
      }
      const first = await begin({ budget, concurrentRuns: 2 });
      for (let attempt = 0; attempt < 3; attempt += 1) {
        await assert.rejects(begin({ budget, concurrentRuns: 2 }), isError('BUDGET_EXCEEDED'));
      }
      first.settle(ended(), undefined);
      await begin({ budget, concurrentRuns: 1 });
    });
  });

  describe('settles', () => {
    const tokensPerMinute = 1000;
    const ends: [name: string, run: Partial<EndedRun>, used: number][] = [
      ['what was used', { usage: usage(20, 5) }, 25],
      ['what a client that left got', { usage: usage(20, 5), error: left }, 25],
      ['nothing where no provider answered', { error: down, attempts: 3 }, 0],
      ['the question of a client that left before the first word', { error: left }, 10],
      ['nothing of a client that left before anybody was asked', { error: left, attempts: 0 }, 0],
    ];
    for (const [name, run, used] of ends) {
      it(`${name}`, async () => {
        const spend = await begin({ tokensPerMinute });
        spend.settle(ended(run), at('openai', 'm'));
        spend.settle(ended(run), at('openai', 'm'));
        assert.equal(await tokensLeft({ tokensPerMinute }), tokensPerMinute - used);
      });
    }

    it('the cost into the budget, once, and tells it', async () => {
      const budget = { amount: 1, period: 'day' } as const;
      const spend = await begin({ budget });
      assert.equal(spend.settle(ended({ usage: usage(1000, 10) }), at('openai', 'm')), 1_020_000);
      spend.settle(ended({ usage: usage(1000, 10) }), at('openai', 'm'));
      const key = { id: 'key_1', user: alice.user, limits: { budget } };
      const stub = { name: '', prefix: '', scopes: [], hashes: [], createdAt: 0 };
      assert.deepEqual(await spending.spentOf({ ...stub, ...key }), {
        amount: 1_020_000,
        resetsAt: Date.UTC(2026, 10, 23),
      });
      assert.equal(await spending.spentOf({ ...stub, ...key, limits: {} }), undefined);
    });

    it('its place for the next one', async () => {
      const spend = await begin({ concurrentRuns: 1 });
      await assert.rejects(begin({ concurrentRuns: 1 }), isError('RATE_LIMITED'));
      spend.settle(ended({ error: left }), undefined);
      await begin({ concurrentRuns: 1 });
    });
  });

  it('holds for 10,000 at once: as many as there are places, and none is left behind', async () => {
    const limits = {
      concurrentRuns: 100,
      tokensPerMinute: 1_000_000_000,
      budget: { amount: 1000, period: 'day' },
    } as const;
    for (let round = 0; round < 2; round += 1) {
      const all = await Promise.allSettled(Array.from({ length: 10_000 }, () => begin(limits)));
      const held = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      assert.equal(held.length, 100);
      for (const spend of held) spend.settle(ended({ error: left }), undefined);
    }
  });

  it('passes on a store that cannot be read', async () => {
    spending = createSpending(
      {
        limits: createLimits(createMemoryLimiter(systemClock), () => 0, { authFailuresPerMinute: 2 }),
        store: {
          listUsage: async () => ({ items: [] }),
          costSince: async () => {
            throw new GatewayError('STORE_UNAVAILABLE', 'disk full');
          },
        },
        now: () => 0,
      },
      { prices: {}, answerBounds: {} },
    );
    await assert.rejects(begin({ budget: { amount: 1, period: 'day' } }), isError('STORE_UNAVAILABLE'));
  });
});
