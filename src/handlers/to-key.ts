import type { components } from '../../generated/types/2026-11-01.ts';
import type { StoredKey } from '../core/ports/store.ts';
import { toTimestamp } from './to-timestamp.ts';

/** A key without its hashes: nothing of the secret but how it begins. */
export function toKey(key: StoredKey): components['schemas']['Key'] {
  const { hashes: _, createdAt, expiresAt, revokedAt, ...rest } = key;
  return {
    ...rest,
    createdAt: toTimestamp(createdAt),
    ...(expiresAt === undefined ? {} : { expiresAt: toTimestamp(expiresAt) }),
    ...(revokedAt === undefined ? {} : { revokedAt: toTimestamp(revokedAt) }),
  };
}
