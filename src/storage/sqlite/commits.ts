import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../core/ports/clock.ts';
import type { Metrics } from '../../core/ports/metrics.ts';
import { type Faults, isBusy, isStoreFault } from './faults.ts';

/**
 * Group commit. Units of work queue up during a turn of the event loop, or two, and are committed together after it,
 * because a transaction costs more than what is in it. A unit that fails alone is refused alone; a disk that fails, fails
 * all. Nothing here blocks: for a lock that another process holds the queue waits, and the event loop goes on.
 */
export interface Commits {
  /**
   * Does the work inside a transaction, answers after the commit — and after the disk has it, when `durable` says so.
   * The work may be done twice, if its group had to be rolled back, so it must not touch anything but the database.
   * What is urgent goes before what is not: somebody outside waits for it.
   */
  add<Result>(work: () => Result, durable?: (result: Result) => boolean, urgent?: boolean): Promise<Result>;
  /** Holds the queue until the returned function is called. */
  hold(): () => void;
  /** Resolves when what is queued has been committed, or refused. */
  drain(): Promise<void>;
}

/** What the units of a group have in common, so that it is read and written once for all of them. */
export interface Shared {
  /** A transaction was undone, or a unit by itself: what was noted since it began does not hold. */
  forget(): void;
  /** The last of its work. */
  write(): void;
}

export interface CommitsParts {
  db: DatabaseSync;
  shared: Shared;
  /** Resolves when all that was committed before the call is on the disk. */
  flush(): Promise<void>;
  committed(units: number): void;
  /** What was promised is kept. */
  kept(): void;
  /** Something could not be stored. */
  refused(): void;
  faults: Faults;
  clock: Clock;
  metrics: Metrics;
  /** How long a unit waits for another process's lock, in milliseconds. */
  patience: number;
}

interface Unit {
  work(): void;
  isDurable(): boolean;
  resolve(): void;
  reject(error: unknown): void;
  /** When it first met another process's lock. */
  since: number | undefined;
  urgent: boolean;
}

/** Larger groups save nothing more and hold up the event loop. */
const groupSize = 32;
const retryAfter = 10;

export function createCommits(parts: CommitsParts): Commits {
  const { db, faults, clock, metrics } = parts;
  const transaction = createTransaction(db, parts.shared);
  let queue: Unit[] = [];
  let holds = 0;
  let scheduled = false;
  let hadCompany = false;
  let stopWaiting = () => {};

  function schedule(): void {
    if (scheduled || holds > 0 || queue.length === 0) return;
    scheduled = true;
    // A commit costs as much for many as for one: where several come at a time, more are on their way.
    if (hadCompany) setImmediate(() => setImmediate(commitGroup));
    else setImmediate(commitGroup);
  }

  function commitGroup(): void {
    scheduled = false;
    if (holds > 0) return;
    const group = queue.slice(0, groupSize);
    const startedAt = clock.now();
    let failures: Failure[];
    try {
      failures = transaction(group.map((unit) => unit.work));
    } catch (error) {
      if (isBusy(error) && parts.patience > 0) waitForLock(error);
      else refuse(group, error);
      schedule();
      return;
    }
    queue = queue.slice(group.length);
    hadCompany = group.length > 1;
    metrics.storeCommit(group.length, (clock.now() - startedAt) / 1000);
    answer(group, failures);
    parts.committed(group.length);
    schedule();
  }

  function answer(group: readonly Unit[], failures: readonly Failure[]): void {
    const durable: Unit[] = [];
    for (const [index, unit] of group.entries()) {
      const failure = failures[index];
      if (failure) unit.reject(faults.toGatewayError(failure.error));
      else if (unit.isDurable()) durable.push(unit);
      else unit.resolve();
    }
    if (durable.length === 0) return;
    parts.flush().then(
      () => {
        parts.kept();
        for (const unit of durable) unit.resolve();
      },
      (error: unknown) => refuse(durable, error),
    );
  }

  /** Refuses units, wherever they are. */
  function refuse(units: readonly Unit[], error: unknown): void {
    if (units.length === 0) return;
    const refused = new Set(units);
    queue = queue.filter((unit) => !refused.has(unit));
    const refusal = faults.toGatewayError(error);
    if (refusal.code === 'STORE_UNAVAILABLE') parts.refused();
    for (const unit of units) unit.reject(refusal);
  }

  function waitForLock(error: unknown): void {
    const now = clock.now();
    for (const unit of queue) unit.since ??= now;
    refuse(
      queue.filter(({ since = now }) => now - since >= parts.patience),
      error,
    );
    stopWaiting = hold();
    clock.after(retryAfter, stopWaiting);
  }

  function hold(): () => void {
    let held = true;
    holds += 1;
    return () => {
      if (!held) return;
      held = false;
      holds -= 1;
      schedule();
    };
  }

  function enqueue(unit: Unit): void {
    const at = unit.urgent ? queue.findIndex(({ urgent }) => !urgent) : -1;
    if (at === -1) queue.push(unit);
    else queue.splice(at, 0, unit);
    schedule();
  }

  function add<Result>(
    work: () => Result,
    durable: (result: Result) => boolean = () => false,
    urgent = false,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      let isDurable = false;
      let settle = () => {};
      enqueue({
        work() {
          const result = work();
          isDurable = durable(result);
          settle = () => resolve(result);
        },
        isDurable: () => isDurable,
        resolve: () => settle(),
        reject,
        since: undefined,
        urgent,
      });
    });
  }

  return {
    add,
    hold,
    async drain() {
      const last = add(() => {});
      stopWaiting();
      await last.catch(() => {});
    },
  };
}

type Failure = { error: unknown } | undefined;

/**
 * Commits all works or none, except those that fail by themselves. Savepoints make SQLite copy every page it changes,
 * so the works are first tried without, and only a group with a bad one is done again with a savepoint each.
 */
function createTransaction(db: DatabaseSync, shared: Shared): (works: readonly (() => void)[]) => Failure[] {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const savepoint = db.prepare('SAVEPOINT unit');
  const release = db.prepare('RELEASE unit');
  const undo = db.prepare('ROLLBACK TO unit');

  function within(work: () => Failure[]): Failure[] {
    begin.run();
    try {
      const failures = work();
      commit.run();
      return failures;
    } catch (error) {
      // A full disk may have ended the transaction already.
      if (db.isTransaction) db.exec('ROLLBACK');
      shared.forget();
      throw error;
    }
  }

  function alone(work: () => void): Failure {
    savepoint.run();
    let failure: Failure;
    try {
      work();
      shared.write();
    } catch (error) {
      if (isStoreFault(error)) throw error;
      undo.run();
      shared.forget();
      failure = { error };
    }
    release.run();
    return failure;
  }

  return (works) => {
    let foul = false;
    try {
      return within(() => {
        try {
          for (const work of works) work();
          shared.write();
        } catch (error) {
          foul = !isStoreFault(error);
          throw error;
        }
        return [];
      });
    } catch (error) {
      if (!foul) throw error;
    }
    return within(() => works.map(alone));
  };
}
