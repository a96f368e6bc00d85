import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { lockWait, prepare, writeNothing } from './connection.ts';
import { busy, resultCode } from './faults.ts';
import { integer, toRow } from './rows.ts';

/**
 * The thread that moves the log's pages into the database, on a connection of its own. It may block on the disk; nobody
 * else has to. `CheckpointOrder` and `CheckpointReport` are all it says to the thread of the gateway.
 */
export type CheckpointOrder =
  /** Copy what can be copied while others read and write. */
  | 'copy'
  /** Copy the rest and begin the log anew. Whoever writes a new log's first page waits for the disk: that is us. */
  | 'renew'
  /** Copy everything and leave the log empty, because what it has on the disk cannot be relied on. */
  | 'truncate'
  | 'close';

export type CheckpointReport =
  | { state: 'done'; pages: number; copied: number }
  /** Errors lose their members on the way between threads, so these travel by themselves. */
  | { state: 'failed'; message: string; errcode: number | undefined };

const port = parentPort;
if (!port || typeof workerData !== 'string') throw new Error('This module runs as the thread that checkpoints.');

const db = new DatabaseSync(workerData, { timeout: lockWait });
db.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -256');
const copy = prepare(db, 'PRAGMA wal_checkpoint(PASSIVE)');
const truncate = prepare(db, 'PRAGMA wal_checkpoint(TRUNCATE)');
const look = prepare(db, 'PRAGMA wal_checkpoint(NOOP)');

port.on('message', (order: CheckpointOrder) => {
  try {
    port.postMessage(obey(order));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ state: 'failed', message, errcode: resultCode(error) } satisfies CheckpointReport);
  }
  if (order === 'close') port.close();
});

function obey(order: CheckpointOrder): CheckpointReport {
  switch (order) {
    case 'copy':
      return report(copy.get());
    case 'renew':
      return renew();
    case 'truncate':
      return report(truncate.get());
    case 'close':
      db.close();
      return { state: 'done', pages: 0, copied: 0 };
  }
}

function renew(): CheckpointReport {
  const rest = report(copy.get());
  if (rest.state === 'failed' || rest.copied < rest.pages) return rest;
  writeFirstPage();
  return report(look.get());
}

function writeFirstPage(): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    writeNothing(db);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function report(result: unknown): CheckpointReport {
  const row = toRow(result) ?? [];
  if (integer(row, 0) !== 0) return { state: 'failed', message: 'Another process is in the way.', errcode: busy };
  return { state: 'done', pages: integer(row, 1), copied: integer(row, 2) };
}
