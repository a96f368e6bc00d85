import type { components as V1 } from '../../../generated/types/2026-03-01.ts';
import type { components } from '../../../generated/types/2026-11-01.ts';

/** Tokens under their older names; cached and reasoning tokens and the cost have none. */
export function toUsage(usage: components['schemas']['Usage'] | undefined): V1['schemas']['Usage'] {
  return {
    promptTokens: usage?.inputTokens ?? 0,
    completionTokens: usage?.outputTokens ?? 0,
    totalTokens: usage?.totalTokens ?? 0,
    ...(usage?.estimated === undefined ? {} : { estimated: usage.estimated }),
  };
}
