import type { Page, PageRequest } from './page.ts';

/**
 * The ledger of what was used, added up by day, user, key, model and provider. Nobody writes into it: a run is in it as
 * soon as `finishTurn` has stored its outcome, in the same commit, so that none is lost or counted twice.
 */
export interface UsageStore {
  /** The latest day first. A cursor fits only the dimensions that it was made with. */
  listUsage(filter: UsageFilter, groupBy: readonly UsageDimension[], page: PageRequest): Promise<Page<UsageTotal>>;
  /** What a key's runs have cost since a day, in billionths of a US dollar. */
  costSince(user: string, keyId: string, day: string): Promise<number>;
}

export const usageDimensions = ['day', 'user', 'key', 'model', 'provider'] as const;

export type UsageDimension = (typeof usageDimensions)[number];

export interface UsageFilter {
  /** Days as `2026-11-10`, both included. */
  from?: string;
  to?: string;
  user?: string;
  keyId?: string;
  model?: string;
}

/** What runs have in common, and what they used together. */
export interface UsageTotal {
  day?: string;
  user?: string;
  /** Absent too for runs that no stored key stands behind. */
  keyId?: string;
  model?: string;
  /** Absent too for runs that nobody answered. */
  provider?: string;
  runs: number;
  failedRuns: number;
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  cachedInputTokens: number;
  reasoningTokens: number;
  /** Billionths of a US dollar; absent when no run's price was known. */
  cost?: number;
  /** Runs that used tokens whose price is not known. */
  unpricedRuns: number;
}
