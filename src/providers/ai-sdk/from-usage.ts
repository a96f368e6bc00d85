import type { LanguageModelV2Usage, LanguageModelV3Usage, LanguageModelV4Usage } from '@ai-sdk/provider';
import type { Usage } from '../../core/usage.ts';
import { countIn, isObject, type JsonObject } from '../wire/json-shape.ts';

/** The interface's usage → ours; undefined where the vendor gave no counts. */
export function fromUsage(
  usage: LanguageModelV2Usage | LanguageModelV3Usage | LanguageModelV4Usage | undefined,
): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const { inputTokens, outputTokens } = usage;
  return isObject(inputTokens) && isObject(outputTokens) ? fromCounts(inputTokens, outputTokens) : fromFlat(usage);
}

/** Since v3: the totals have everything in them. */
function fromCounts(input: JsonObject, output: JsonObject): Usage | undefined {
  const inputTokens = countIn(input, 'total');
  const outputTokens = countIn(output, 'total');
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const usage: Usage = { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
  const cached = countIn(input, 'cacheRead');
  const written = countIn(input, 'cacheWrite');
  const reasoning = countIn(output, 'reasoning');
  if (cached !== undefined) usage.cachedInputTokens = cached;
  if (written) usage.cacheWriteTokens = written;
  if (reasoning !== undefined) usage.reasoningTokens = reasoning;
  return usage;
}

/** v2: whether those read from a cache are among the input was each vendor's own choice. More than all they cannot be. */
function fromFlat(flat: JsonObject): Usage | undefined {
  const given = countIn(flat, 'inputTokens');
  const outputTokens = countIn(flat, 'outputTokens');
  if (given === undefined || outputTokens === undefined) return undefined;
  const cached = countIn(flat, 'cachedInputTokens');
  const inputTokens = cached !== undefined && cached > given ? given + cached : given;
  const usage: Usage = { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
  const reasoning = countIn(flat, 'reasoningTokens');
  if (cached !== undefined) usage.cachedInputTokens = cached;
  if (reasoning !== undefined) usage.reasoningTokens = reasoning;
  return usage;
}
