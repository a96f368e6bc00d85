import { GatewayError } from '../../core/errors.ts';
import type { Store } from '../../core/ports/store.ts';
import { createFaults } from './faults.ts';
import { openParts, type Parts, type SqliteStoreOptions } from './parts.ts';
import type { Tables } from './tables.ts';

export type { SqliteStoreOptions };

/**
 * The store on one SQLite file. Reads happen at once on the caller's thread; writes are grouped (`commits.ts`), put on
 * the disk where that was promised (`log-sync.ts`) and moved out of the log by a thread (`checkpoints.ts`). The rest
 * are the tables: each takes a connection and gives functions that know SQL and nothing of transactions.
 */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const faults = createFaults(options);
  let opened: Parts | undefined;
  let reclaiming = false;

  function parts(): Parts {
    if (!opened) throw new GatewayError('STORE_UNAVAILABLE', 'The store is not open.');
    return opened;
  }

  async function read<Result>(work: (tables: Tables) => Result): Promise<Result> {
    try {
      return work(parts().tables);
    } catch (error) {
      throw faults.toGatewayError(error);
    }
  }

  async function write<Result>(work: (tables: Tables) => Result, durable?: (result: Result) => boolean) {
    const { tables, commits } = parts();
    return commits.add(() => work(tables), durable);
  }

  /** Goes on in small pieces behind the caller's back. What is left when it fails or ends waits for the next time. */
  async function reclaim(): Promise<void> {
    if (reclaiming) return;
    reclaiming = true;
    try {
      while (await write(({ abandoned }) => abandoned.reclaim(reclaimedAtOnce)));
    } catch {
      // Counted and logged where it failed.
    } finally {
      reclaiming = false;
    }
  }

  return {
    async open(now) {
      if (opened) return;
      try {
        opened = openParts(options, faults);
      } catch (error) {
        throw faults.toGatewayError(error);
      }
      if (!options.recover) return;
      await write(({ runs, idempotency }) => {
        runs.interrupt(now);
        idempotency.withdrawUnsettled();
      });
      void reclaim();
    },
    async close() {
      const closing = opened;
      opened = undefined;
      await closing?.close();
    },
    async check() {
      await write(() => parts().probe(), always);
    },
    watchKeys: (listener) => parts().keyWatch.watch(listener),

    loadTurn: (user, id, messages) => read(({ turns }) => turns.load(user, id, messages)),
    beginTurn: (begin) => write(({ turns }) => turns.begin(begin), always),
    async finishTurn(finish) {
      await write(
        ({ turns }) => turns.finish(finish),
        (begun) => begun,
      );
    },

    getSession: (user, id) => read(({ sessions }) => sessions.find(user, id)?.session ?? null),
    listSessions: (user, page) => read(({ sessions }) => sessions.list(user, page)),
    listMessages: (user, id, page) => read(({ history }) => history.page(user, id, page)),
    async changeSession(user, id, change, now) {
      const changed = await write(({ changeSession }) => changeSession(user, id, change, now));
      if (changed === 'taken') throw new GatewayError('CONFLICT', 'There is a session by this id already.');
      if (change.action === 'reset' || change.action === 'delete') void reclaim();
      return changed;
    },

    getRun: (user, id) => read(({ runs }) => runs.get(user, id)),

    createKey: (key) => write(({ keys }) => keys.create(key), always),
    loadKeys: () => read(({ keys }) => keys.load()),
    updateKey: (id, change) => write(({ keys }) => keys.update(id, change), always),

    claimIdempotency: (claim, now) => write(({ idempotency }) => idempotency.claim(claim, now), always),
    settleIdempotency: (user, operation, key, answer) =>
      write(({ idempotency }) => idempotency.settle(user, operation, key, answer), always),

    addVersionUse: (use) => write(({ versionUse }) => versionUse.add(use)),
    loadVersionUse: () => read(({ versionUse }) => versionUse.load()),
  };
}

const always = () => true;
/** Steps of about a microsecond and a half. */
const reclaimedAtOnce = 200;
