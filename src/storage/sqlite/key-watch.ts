import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { Connection } from './connection.ts';
import type { Keys } from './keys.ts';
import { integer, toRow } from './rows.ts';

/**
 * Notices that keys changed in another process. SQLite tells for next to nothing that somebody else wrote; only then
 * the revision of the keys is read. Own changes may be told too, once somebody else writes.
 */
export interface KeyWatch {
  watch(listener: () => void): () => void;
  close(): void;
}

const interval = 250;

export function createKeyWatch(
  { prepare }: Connection,
  parts: { keys: Keys; clock: Clock; failed(error: unknown): void },
): KeyWatch {
  const { keys, clock } = parts;
  const dataVersion = prepare('PRAGMA data_version');
  const listeners = new Set<() => void>();
  let timer: Timer | undefined;
  let seen = { version: 0, revision: 0 };

  function look(): typeof seen {
    const row = toRow(dataVersion.get());
    const version = row ? integer(row, 0) : 0;
    return version === seen.version ? seen : { version, revision: keys.revision() };
  }

  function poll(): void {
    timer = clock.after(interval, poll);
    try {
      const before = seen.revision;
      seen = look();
      if (seen.revision === before) return;
    } catch (error) {
      parts.failed(error);
      return;
    }
    for (const listener of listeners) listener();
  }

  return {
    watch(listener) {
      if (listeners.size === 0) {
        seen = look();
        timer = clock.after(interval, poll);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) timer?.cancel();
      };
    },
    close() {
      listeners.clear();
      timer?.cancel();
    },
  };
}
