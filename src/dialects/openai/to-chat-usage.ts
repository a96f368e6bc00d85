import type { Usage } from '../../core/usage.ts';
import type { Schemas } from './schemas.ts';

export function toChatUsage(usage: Usage): Schemas['ChatUsage'] {
  const { cachedInputTokens: cached, reasoningTokens: reasoning } = usage;
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.totalTokens,
    ...(cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } }),
    ...(reasoning === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}
