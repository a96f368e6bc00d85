import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createPrices, toDollars, toNanoDollars } from '../../src/core/prices.ts';
import type { Usage } from '../../src/core/usage.ts';

const usage = (inputTokens: number, outputTokens: number, more: Partial<Usage> = {}): Usage => ({
  inputTokens,
  outputTokens,
  totalTokens: inputTokens + outputTokens,
  ...more,
});

describe('a cost', () => {
  const prices = createPrices({
    'openai/gpt-4o': { input: 2.5, output: 10, cachedInput: 1.25 },
    'openai/plain': { input: 1, output: 2 },
    'openai/tiny': { input: 0.0001, output: 0 },
    'openai/free': { input: 0, output: 0 },
    'anthropic/m': { input: 3, output: 15, cachedInput: 0.3, cacheWrite: 3.75, upTo: 1000 },
  });

  const cases: [name: string, provider: string, model: string, used: Usage, cost: number | undefined][] = [
    ['is what tokens cost', 'openai', 'gpt-4o', usage(1000, 100), 3_500_000],
    ['of cached tokens is less', 'openai', 'gpt-4o', usage(1000, 100, { cachedInputTokens: 1000 }), 2_250_000],
    [
      'of cached tokens is as of others without a price',
      'openai',
      'plain',
      usage(10, 0, { cachedInputTokens: 10 }),
      10_000,
    ],
    ['of one token', 'openai', 'gpt-4o', usage(1, 0), 2500],
    ['is rounded to a billionth', 'openai', 'tiny', usage(14, 0), 1],
    ['of what is free is nought', 'openai', 'free', usage(10, 10), 0],
    [
      'of written tokens is more',
      'anthropic',
      'm',
      usage(1000, 0, { cacheWriteTokens: 400, cachedInputTokens: 100 }),
      3_030_000,
    ],
    ['holds up to a bound', 'anthropic', 'm', usage(1000, 0), 3_000_000],
    ['is not known above it', 'anthropic', 'm', usage(1001, 0), undefined],
    ['of another provider is not known', 'anthropic', 'gpt-4o', usage(1, 1), undefined],
    ['of a model nobody knows is not known', 'openai', 'other', usage(1, 1), undefined],
    ['of a name of objects is not known', 'openai', 'constructor', usage(1, 1), undefined],
    ['does not sink below nought', 'openai', 'gpt-4o', usage(1, 0, { cachedInputTokens: 5 }), 6250],
  ];
  for (const [name, provider, model, used, cost] of cases) {
    it(name, () => assert.equal(prices.costOf(provider, model, used), cost));
  }

  it('is whole, never less for more tokens, and the sum of its parts where nothing is rounded', () => {
    const count = fc.nat(10_000_000);
    fc.assert(
      fc.property(count, count, count, (input, output, more) => {
        const cost = prices.costOf('openai', 'gpt-4o', usage(input, output)) ?? NaN;
        const larger = prices.costOf('openai', 'gpt-4o', usage(input + more, output)) ?? NaN;
        assert.ok(Number.isSafeInteger(cost) && larger >= cost);
        assert.equal(cost, input * 2500 + output * 10_000);
      }),
    );
  });

  it('is told in dollars without a loss', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat().map((nano) => nano % 1e15),
        (nano) => toNanoDollars(toDollars(nano)) === nano,
      ),
    );
  });
});
