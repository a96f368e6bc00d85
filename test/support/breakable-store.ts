import type { Store } from '../../src/core/ports/store.ts';
import { createSqliteStore } from '../../src/storage/sqlite/index.ts';
import { systemClock } from '../../src/system/clock.ts';
import { createRecordingLog } from './recording-log.ts';
import { createRecordingMetrics } from './recording-metrics.ts';
import { makeTemporaryDirectory } from './temporary-directory.ts';

export interface BreakableStore extends Store {
  /** From now on everything but opening and closing rejects with this; undefined mends it. */
  break(fault: unknown): void;
}

/** The real store, in a folder that goes when it is closed, until it is broken. */
export function createBreakableStore(): BreakableStore {
  const folder = makeTemporaryDirectory();
  const store = createSqliteStore({
    directory: folder.path,
    clock: systemClock,
    log: createRecordingLog(),
    metrics: createRecordingMetrics(),
    recover: false,
  });
  let fault: unknown;
  const own = {
    break(wanted: unknown) {
      fault = wanted;
    },
    async close() {
      await store.close();
      folder.remove();
    },
    open: (now: number) => store.open(now),
    watchKeys: (listener: () => void) => store.watchKeys(listener),
  };
  return new Proxy<BreakableStore>(
    { ...store, ...own },
    {
      get(target, name) {
        if (fault === undefined || Object.hasOwn(own, name)) return Reflect.get(target, name);
        return () => Promise.reject(fault);
      },
    },
  );
}
