import type { Usage } from '../../core/usage.ts';
import { countIn, type JsonObject, objectIn } from '../wire/json-shape.ts';

/**
 * The wire's `usage`, which a stream gives in two halves, → ours; undefined while one of them is missing. Its
 * `input_tokens` leaves out what was written to the cache or read from it; ours is everything the model read.
 */
export function fromMessageUsage(...halves: (JsonObject | undefined)[]): Usage | undefined {
  const latest = (member: string): number | undefined => {
    let count: number | undefined;
    for (const half of halves) count = countIn(half, member) ?? count;
    return count;
  };
  const uncached = latest('input_tokens');
  const outputTokens = latest('output_tokens');
  if (uncached === undefined || outputTokens === undefined) return undefined;
  const cached = latest('cache_read_input_tokens');
  const written = latest('cache_creation_input_tokens') ?? 0;
  const inputTokens = uncached + written + (cached ?? 0);
  const usage: Usage = { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
  if (cached !== undefined) usage.cachedInputTokens = cached;
  if (written > 0) usage.cacheWriteTokens = written;
  const reasoning = countIn(lastDetails(halves), 'thinking_tokens');
  if (reasoning !== undefined) usage.reasoningTokens = reasoning;
  return usage;
}

function lastDetails(halves: (JsonObject | undefined)[]): JsonObject | undefined {
  let details: JsonObject | undefined;
  for (const half of halves) if (half) details = objectIn(half, 'output_tokens_details') ?? details;
  return details;
}
