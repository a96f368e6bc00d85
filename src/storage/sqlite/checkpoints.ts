import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../core/ports/clock.ts';
import type { CheckpointOrder, CheckpointReport } from './checkpoint-worker.ts';
import { prepare } from './connection.ts';
import { busy, isBusy, StoreFault } from './faults.ts';
import { integer, toRow } from './rows.ts';

/**
 * Keeps the write-ahead log short without the event loop ever waiting for the disk. A thread, started when the log is
 * first long enough, copies the log into the database while turns go on; for the last few pages the queue of commits is
 * held for the few milliseconds that it takes, so that the log can begin anew however busy the gateway is.
 */
export interface Checkpoints {
  /** To be called after a commit of so many units. */
  committed(units: number): void;
  /** Moves everything into the database and empties the log. */
  truncate(): Promise<void>;
  /** Ends the thread. */
  close(): Promise<void>;
}

export interface CheckpointsParts {
  db: DatabaseSync;
  path: string;
  clock: Clock;
  hold(): () => void;
  failed(error: unknown): void;
}

/** 32 MB. */
const longLog = 8000;
/** Units of work between two looks at the log: as many as fill a group of commits, because a look costs a microsecond. */
const unitsUnseen = 32;
/** What is copied while the queue is held. */
const shortRest = 64;
/** When a disk or a foreign reader is in the way. */
const pause = 1000;
/** Between two threads of which the first could do nothing: to start one costs more than all that it does. */
const longestPause = 4000;

export function createCheckpoints(parts: CheckpointsParts): Checkpoints {
  const { db, clock } = parts;
  const look = prepare(db, 'PRAGMA wal_checkpoint(NOOP)');
  let thread: Thread | undefined;
  let round: Promise<void> | undefined;
  let notBefore = Number.NEGATIVE_INFINITY;
  let threadNotBefore = Number.NEGATIVE_INFINITY;
  let threadPause = pause;
  let unseen = 0;

  async function order(what: CheckpointOrder): Promise<{ pages: number; copied: number }> {
    if (!thread && clock.now() < threadNotBefore) throw new StoreFault('The thread that checkpoints has just ended.');
    thread ??= startThread(parts.path, () => {
      thread = undefined;
      threadNotBefore = clock.now() + threadPause;
      threadPause = Math.min(longestPause, threadPause * 2);
    });
    const report = await thread.order(what);
    switch (report.state) {
      case 'done':
        threadPause = pause;
        return report;
      case 'busy':
        throw new StoreFault('Another process is in the way of a checkpoint.', busy);
      case 'failed':
        throw new StoreFault(report.message);
    }
  }

  async function checkpoint(): Promise<void> {
    for (let tries = 0; tries < 4; tries += 1) {
      const { pages, copied } = await order('copy');
      if (pages - copied <= shortRest) break;
    }
    const left = await held(() => order('renew'));
    if (left.pages >= longLog) notBefore = clock.now() + pause;
  }

  /** A disk that does not answer must not hold the queue for ever: then the event loop waits for it in its turn. */
  async function held<Result>(work: () => Promise<Result>): Promise<Result> {
    const release = parts.hold();
    const limit = clock.after(pause, release);
    try {
      return await work();
    } finally {
      limit.cancel();
      release();
    }
  }

  function isDue(): boolean {
    if (unseen < unitsUnseen || round || clock.now() < notBefore) return false;
    unseen = 0;
    const row = toRow(look.get());
    return row !== undefined && integer(row, 1) >= longLog;
  }

  function fail(error: unknown): void {
    notBefore = clock.now() + pause;
    if (!isBusy(error)) parts.failed(error);
  }

  return {
    committed(units) {
      unseen += units;
      try {
        if (!isDue()) return;
      } catch (error) {
        fail(error);
        return;
      }
      round = checkpoint()
        .catch(fail)
        .finally(() => {
          round = undefined;
        });
    },
    async truncate() {
      await held(() => order('truncate'));
    },
    async close() {
      await round;
      await thread?.close();
    },
  };
}

interface Thread {
  order(what: CheckpointOrder): Promise<CheckpointReport>;
  close(): Promise<void>;
}

/** One order at a time is under way at most per caller; reports come in the order of the orders. */
function startThread(path: string, ended: () => void): Thread {
  const worker = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), {
    workerData: path,
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
  });
  const waiting: { resolve(report: CheckpointReport): void; reject(error: unknown): void }[] = [];
  worker.on('message', (report: CheckpointReport) => {
    waiting.shift()?.resolve(report);
    if (waiting.length === 0) worker.unref();
  });
  worker.on('error', (error) => fail(error));
  worker.on('exit', () => {
    ended();
    fail(new StoreFault('The thread that checkpoints has ended.'));
  });

  function fail(error: unknown): void {
    for (const { reject } of waiting.splice(0)) reject(error);
  }

  function order(what: CheckpointOrder): Promise<CheckpointReport> {
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      worker.ref();
      worker.postMessage(what);
    });
  }

  return {
    order,
    async close() {
      const exited = new Promise((resolve) => worker.once('exit', resolve));
      await order('close').catch(() => {});
      worker.ref();
      await exited;
    },
  };
}
