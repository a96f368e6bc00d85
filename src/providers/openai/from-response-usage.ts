import type { Usage } from '../../core/usage.ts';
import { countIn, type JsonObject, objectIn } from '../wire/json-shape.ts';

/** The `usage` of a response → ours; undefined where the server gave no counts. */
export function fromResponseUsage(usage: JsonObject | undefined): Usage | undefined {
  const inputTokens = countIn(usage, 'input_tokens');
  const outputTokens = countIn(usage, 'output_tokens');
  if (!usage || inputTokens === undefined || outputTokens === undefined) return undefined;
  const result: Usage = {
    inputTokens,
    outputTokens,
    totalTokens: countIn(usage, 'total_tokens') ?? inputTokens + outputTokens,
  };
  const cached = countIn(objectIn(usage, 'input_tokens_details'), 'cached_tokens');
  const reasoning = countIn(objectIn(usage, 'output_tokens_details'), 'reasoning_tokens');
  if (cached !== undefined) result.cachedInputTokens = cached;
  if (reasoning !== undefined) result.reasoningTokens = reasoning;
  return result;
}
