import { existsSync } from 'node:fs';
import type { Config } from '../config/index.ts';
import type { StoredKey, VersionUse } from '../core/ports/store.ts';
import { openStore } from '../server.ts';

/** A use that was counted, with the key behind it as far as there is one. */
export interface KnownUse extends VersionUse {
  /** Absent for the key of the environment, which is stored nowhere, and for channels. */
  key?: StoredKey;
}

/** Everything that was counted, the latest first. Without a data folder nobody has used anything. */
export async function readUses(config: Config): Promise<KnownUse[]> {
  if (!existsSync(config.home)) return [];
  const store = await openStore(config);
  try {
    const [keys, uses] = await Promise.all([store.loadKeys(), store.loadVersionUse()]);
    const byId = new Map(keys.map((key) => [key.id, key]));
    return uses.map((use) => {
      const key = byId.get(use.keyId);
      return key ? { ...use, key } : use;
    });
  } finally {
    await store.close();
  }
}

/** What people call it. */
export function nameOf({ key, keyId }: KnownUse): string {
  if (key) return key.name;
  return keyId === 'key:environment' ? 'GATEWAY_ADMIN_KEY' : keyId;
}

/** One that is revoked or has expired can neither use nor lose anything any more. */
export function isLive({ key }: KnownUse, now: number): boolean {
  return !key || (key.revokedAt === undefined && (key.expiresAt === undefined || key.expiresAt > now));
}
