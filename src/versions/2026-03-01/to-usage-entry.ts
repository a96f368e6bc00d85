import type { components as V1 } from '../../../generated/types/2026-03-01.ts';
import type { components } from '../../../generated/types/2026-11-01.ts';

/** Tokens under their older names; cached and reasoning tokens have none. */
export function toUsageEntry({
  inputTokens,
  outputTokens,
  cachedInputTokens: _,
  reasoningTokens: __,
  ...entry
}: components['schemas']['UsageEntry']): V1['schemas']['UsageEntry'] {
  return { ...entry, promptTokens: inputTokens, completionTokens: outputTokens };
}
