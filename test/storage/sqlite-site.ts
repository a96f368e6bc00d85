import { join } from 'node:path';
import type { Clock } from '../../src/core/ports/clock.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { createSqliteStore } from '../../src/storage/sqlite/index.ts';
import { systemClock } from '../../src/system/clock.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { createRecordingMetrics } from '../support/recording-metrics.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
import type { StoreSite } from './store.contract.ts';

export interface SqliteSite extends StoreSite {
  /** The folder, which the first store makes. */
  directory: string;
  /** The database's file. */
  file: string;
  log: ReturnType<typeof createRecordingLog>;
  metrics: ReturnType<typeof createRecordingMetrics>;
}

export function makeSqliteSite({ clock = systemClock }: { clock?: Clock } = {}): SqliteSite {
  const temporary = makeTemporaryDirectory();
  const directory = join(temporary.path, 'data');
  const log = createRecordingLog();
  const metrics = createRecordingMetrics();
  const opened: Store[] = [];
  return {
    directory,
    file: join(directory, 'gateway.db'),
    log,
    metrics,
    async open({ now = 0, recover = true } = {}) {
      const store = createSqliteStore({ directory, recover, clock, log, metrics });
      await store.open(now);
      opened.push(store);
      return store;
    },
    async remove() {
      for (const store of opened) await store.close();
      temporary.remove();
    },
  };
}
