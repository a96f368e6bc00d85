import assert from 'node:assert/strict';
import { fromChatUsage } from '../../../src/providers/openai/from-usage.ts';

describe('from-usage', () => {
  for (const [title, usage, want] of [
    ['none', undefined, undefined],
    ['an empty one', {}, undefined],
    ['half of one', { prompt_tokens: 3 }, undefined],
    ['counts that are none', { prompt_tokens: -1, completion_tokens: 'many' }, undefined],
    ['no total', { prompt_tokens: 3, completion_tokens: 4 }, { inputTokens: 3, outputTokens: 4, totalTokens: 7 }],
    [
      'details that are null',
      { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7, prompt_tokens_details: null },
      { inputTokens: 3, outputTokens: 4, totalTokens: 7 },
    ],
    [
      'details',
      {
        prompt_tokens: 30,
        completion_tokens: 40,
        total_tokens: 70,
        prompt_tokens_details: { cached_tokens: 20 },
        completion_tokens_details: { reasoning_tokens: 10 },
      },
      { inputTokens: 30, outputTokens: 40, totalTokens: 70, cachedInputTokens: 20, reasoningTokens: 10 },
    ],
    [
      "DeepSeek's word for the cache",
      { prompt_tokens: 30, completion_tokens: 4, prompt_cache_hit_tokens: 20 },
      { inputTokens: 30, outputTokens: 4, totalTokens: 34, cachedInputTokens: 20 },
    ],
  ] as const)
    it(`reads ${title}`, () => {
      assert.deepEqual(fromChatUsage(usage), want);
    });
});
