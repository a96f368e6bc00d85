import type { Usage } from '../../core/usage.ts';
import { countIn, type JsonObject, objectIn } from '../wire/json-shape.ts';

/** The wire's `usage` → ours; undefined where the server gave no counts. */
export function fromChatUsage(usage: JsonObject | undefined): Usage | undefined {
  const inputTokens = countIn(usage, 'prompt_tokens');
  const outputTokens = countIn(usage, 'completion_tokens');
  if (!usage || inputTokens === undefined || outputTokens === undefined) return undefined;
  const result: Usage = {
    inputTokens,
    outputTokens,
    totalTokens: countIn(usage, 'total_tokens') ?? inputTokens + outputTokens,
  };
  // The second name is DeepSeek's.
  const cached =
    countIn(objectIn(usage, 'prompt_tokens_details'), 'cached_tokens') ?? countIn(usage, 'prompt_cache_hit_tokens');
  const reasoning = countIn(objectIn(usage, 'completion_tokens_details'), 'reasoning_tokens');
  if (cached !== undefined) result.cachedInputTokens = cached;
  if (reasoning !== undefined) result.reasoningTokens = reasoning;
  return result;
}
