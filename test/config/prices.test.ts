import assert from 'node:assert/strict';
import { listPriceOf, listPrices } from '../../src/config/prices.ts';
import { load } from './load.ts';

const gateway = (members: string) => `{ gateway: { ${members} } }`;
const serving = (...models: string[]) => `providers: { openai: { models: ${JSON.stringify(models)} } }`;

describe('list prices', () => {
  const known = Object.entries(listPrices).flatMap(([type, prices]) =>
    Object.entries(prices).map(([model, price]) => ({ type, model, price })),
  );

  for (const { type, model, price } of known) {
    it(`of ${type}'s ${model} are in the order that all have`, () => {
      const { input, output, cachedInput = input, cacheWrite = input } = price;
      assert.ok(input > 0 && cachedInput <= input && cacheWrite >= input);
      assert.ok(output === 0 || output > input);
    });
  }

  const names: [type: string, model: string, input: number | undefined][] = [
    ['openai', 'gpt-4o', 2.5],
    ['openai', 'gpt-4o-2024-11-20', 2.5],
    ['openai', 'gpt-4o-2024-05-13', undefined],
    ['openai', 'gpt-4o-audio-preview', undefined],
    ['anthropic', 'claude-sonnet-4-5-20250929', 3],
    ['anthropic', 'gpt-4o', undefined],
    ['openai', 'constructor', undefined],
    ['echo', 'echo', undefined],
    ['__proto__', 'toString', undefined],
  ];
  for (const [type, model, input] of names) {
    it(`know ${type}'s ${model}: ${input}`, () => assert.equal(listPriceOf(type, model)?.input, input));
  }
});

describe('prices', () => {
  const tables: [name: string, members: string, prices: Record<string, number | undefined>][] = [
    ['are the list prices of what is served', serving('gpt-4o'), { 'openai/gpt-4o': 2.5 }],
    ['are absent for a model that nobody knows', serving('my-model'), { 'openai/my-model': undefined }],
    [
      'of the file go before the list',
      `${serving('gpt-4o')}, prices: { 'gpt-4o': { input: 1, output: 2 } }`,
      { 'openai/gpt-4o': 1 },
    ],
    [
      'of a provider go before those of a model',
      `providers: { openai: { models: ['m'] }, b: { type: 'openai', baseUrl: 'http://127.0.0.1:9/v1', models: ['m'] } },
       prices: { m: { input: 1, output: 2 }, 'b/m': { input: 0, output: 0 } }`,
      { 'openai/m': 1, 'b/m': 0 },
    ],
    [
      'may be of models that nobody serves',
      `prices: { other: { input: 1, output: 1 } }`,
      { 'openai/other': undefined },
    ],
  ];
  for (const [name, members, expected] of tables) {
    it(name, () => {
      const { prices } = load(gateway(members));
      for (const [target, input] of Object.entries(expected)) assert.equal(prices[target]?.input, input, target);
    });
  }
});

describe('limits', () => {
  it('of a channel are the configured ones, and its own before them', () => {
    const { limits, channels } = load(
      gateway(`limits: { tokensPerMinute: 1000, concurrentRuns: 3, models: { m: { concurrentRuns: 1 } },
                 budget: { amount: 2.5, period: 'day' } },
               channels: { slack: { limits: { tokensPerMinute: 10 } } }`),
    );
    assert.deepEqual(limits.budget, { amount: 2.5, period: 'day' });
    const models = { m: { concurrentRuns: 1 } };
    const shared = { requestsPerMinute: 100, tokensPerMinute: 1000, concurrentRuns: 3, models };
    assert.deepEqual(channels.discord.limits, shared);
    assert.deepEqual(channels.slack.limits, { ...shared, tokensPerMinute: 10 });
  });

  it('know the longest answer to expect, by the name that requests give and by provider', () => {
    const { answerBounds } = load(gateway(`models: { maxOutputTokens: { 'gpt-4o': 500 } }`));
    assert.equal(answerBounds['gpt-4o'], 500);
    assert.equal(answerBounds['anthropic/claude-haiku-4-5'], 8192);
  });
});
