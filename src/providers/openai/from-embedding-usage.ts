import type { Usage } from '../../core/usage.ts';
import { countIn, type JsonObject } from '../wire/json-shape.ts';

/** The wire's `usage` of embeddings → ours; undefined where the server gave no counts. Nothing is said in return. */
export function fromEmbeddingUsage(usage: JsonObject | undefined): Usage | undefined {
  const inputTokens = countIn(usage, 'prompt_tokens') ?? countIn(usage, 'total_tokens');
  return inputTokens === undefined ? undefined : { inputTokens, outputTokens: 0, totalTokens: inputTokens };
}
