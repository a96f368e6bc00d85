import type { Usage } from '../../core/usage.ts';
import type { Schemas } from './schemas.ts';

/** This wire counts apart what was read from a cache; our figure is everything that was read. */
export function toUsage(usage: Usage | undefined): Schemas['Usage'] {
  const { inputTokens = 0, outputTokens = 0, cachedInputTokens: cached, reasoningTokens } = usage ?? {};
  return {
    input_tokens: Math.max(0, inputTokens - (cached ?? 0)),
    ...(cached === undefined ? {} : { cache_read_input_tokens: cached }),
    output_tokens: outputTokens,
    ...(reasoningTokens === undefined ? {} : { output_tokens_details: { thinking_tokens: reasoningTokens } }),
  };
}
