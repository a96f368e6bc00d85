import type { Clock, Timer } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Store, VersionUse } from './ports/store.ts';
import type { Principal } from './principal.ts';

/**
 * Counts who uses which version, operation and retiring member, so that whoever ends one knows by name whom it will
 * break. Counted in memory and stored now and then: losing the last seconds of a count harms nobody.
 */
export interface VersionUseCounts {
  count(principal: Principal, version: string, operation: string, members: readonly string[]): void;
  /** Stores what is counted and counts no more. */
  close(): Promise<void>;
}

const storeEveryMs = 10_000;

export function createVersionUse({ store, clock, log }: { store: Store; clock: Clock; log: Log }): VersionUseCounts {
  /** By key: each uses few operations. */
  let counts = new Map<string, VersionUse[]>();
  let timer: Timer | undefined;

  function add(principal: Principal, version: string, operation: string, member: string | undefined): void {
    const keyId = principal.keyId ?? principal.account;
    const uses = counts.get(keyId);
    const known = uses?.find((use) => use.operation === operation && use.version === version && use.member === member);
    if (known) {
      known.count += 1;
      known.usedAt = clock.now();
      return;
    }
    const { user } = principal;
    const use = { keyId, user, version, operation, count: 1, usedAt: clock.now() };
    const first = member === undefined ? use : { ...use, member };
    if (uses) uses.push(first);
    else counts.set(keyId, [first]);
    timer ??= clock.after(storeEveryMs, () => void flush());
  }

  async function flush(): Promise<void> {
    timer = undefined;
    const taken = [...counts.values()].flat();
    counts = new Map();
    try {
      if (taken.length > 0) await store.addVersionUse(taken);
    } catch (error) {
      log.warn({ error, lost: taken.length }, 'the use of versions could not be stored');
    }
  }

  return {
    count(principal, version, operation, members) {
      add(principal, version, operation, undefined);
      for (const member of members) add(principal, version, operation, member);
    },
    async close() {
      timer?.cancel();
      await flush();
    },
  };
}
