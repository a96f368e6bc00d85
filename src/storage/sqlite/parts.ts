import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Metrics } from '../../core/ports/metrics.ts';
import { createCheckpoints } from './checkpoints.ts';
import { type Commits, type CommitsParts, createCommits } from './commits.ts';
import { type Connection, lockWait, openConnection, writeNothing } from './connection.ts';
import type { Faults } from './faults.ts';
import { createKeyWatch, type KeyWatch } from './key-watch.ts';
import { createLateSync } from './late-sync.ts';
import { createLogSync } from './log-sync.ts';
import { migrate } from './migrations.ts';
import { schema } from './schema.ts';
import { createTables, type Tables } from './tables.ts';

export interface SqliteStoreOptions {
  /** Made, for its owner alone, when it is not there. */
  directory: string;
  fileName?: string;
  /** True for the gateway: ends what a crash left unfinished. False for a command beside a gateway that runs. */
  recover: boolean;
  /** For pacing alone: the times in the data are the caller's. */
  clock: Clock;
  log: Log;
  metrics: Metrics;
}

/** What becomes of writes, for who watches the store. */
export type Outcomes = Pick<CommitsParts, 'kept' | 'refused'>;

/** What an open store is made of. */
export interface Parts {
  tables: Tables;
  commits: Commits;
  keyWatch: KeyWatch;
  /** Writes what changes nothing, and waits until the disk has it. Rejects with what is in the way. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

export function openParts(options: SqliteStoreOptions, faults: Faults, outcomes: Outcomes): Parts {
  const connection = openConnection(options.directory, options.fileName ?? 'gateway.db');
  try {
    migrate(connection.db, schema);
    return assemble(connection, options, faults, outcomes);
  } catch (error) {
    connection.db.close();
    throw error;
  }
}

function assemble(connection: Connection, options: SqliteStoreOptions, faults: Faults, outcomes: Outcomes): Parts {
  const { db, path } = connection;
  const { clock, metrics, recover } = options;
  const tables = createTables(connection);
  const keyWatch = createKeyWatch(connection, { keys: tables.keys, clock, failed: faults.toGatewayError });
  const logSync = createLogSync(`${path}-wal`, () => checkpoints.truncate());
  const lateSync = createLateSync({ clock, flush: logSync.flush, failed: faults.toGatewayError });
  const commits = createCommits({
    db,
    shared: tables.shared,
    ...outcomes,
    faults,
    clock,
    metrics,
    patience: recover ? lockWait : 0,
    flush: logSync.flush,
    committed(units) {
      checkpoints.committed(units);
      lateSync.committed();
    },
  });
  const checkpoints = createCheckpoints({
    db,
    path,
    clock,
    hold: commits.hold,
    failed(error) {
      faults.toGatewayError(error);
      logSync.distrust();
    },
  });
  // A gateway has streams to keep going while another process holds the lock; a command has nothing else to do.
  waitForLocks(recover ? 0 : lockWait);

  function waitForLocks(milliseconds: number): void {
    db.exec(`PRAGMA busy_timeout = ${milliseconds}`);
  }

  return {
    tables,
    commits,
    keyWatch,
    async probe() {
      await commits.add(() => writeNothing(db));
      await logSync.flush().catch((error: unknown) => {
        throw faults.toGatewayError(error);
      });
    },
    async close() {
      keyWatch.close();
      waitForLocks(lockWait);
      await commits.drain();
      lateSync.close();
      // A sync may need the thread; the thread needs no sync.
      await logSync.close();
      await checkpoints.close();
      db.close();
    },
  };
}
