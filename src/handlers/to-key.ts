import type { components } from '../../generated/types/2026-11-01.ts';
import type { Spent } from '../core/budgets.ts';
import type { StoredKey } from '../core/ports/store.ts';
import { toCost } from './to-cost.ts';
import { toTimestamp } from './to-timestamp.ts';

/** A key without its hashes: nothing of the secret but how it begins. */
export function toKey(key: StoredKey, spent?: Spent): components['schemas']['Key'] {
  const { hashes: _, createdAt, expiresAt, revokedAt, ...rest } = key;
  return {
    ...rest,
    ...(spent ? { spent: { ...toCost(spent.amount), resetsAt: toTimestamp(spent.resetsAt) } } : {}),
    createdAt: toTimestamp(createdAt),
    ...(expiresAt === undefined ? {} : { expiresAt: toTimestamp(expiresAt) }),
    ...(revokedAt === undefined ? {} : { revokedAt: toTimestamp(revokedAt) }),
  };
}
