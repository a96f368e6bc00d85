import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * The thread that moves the log's pages into the database, on a connection of its own. It may block on the disk; nobody
 * else has to. It imports nothing of ours, because every module is loaded and kept once more in a thread.
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
  /** Another process is in the way. */
  | { state: 'busy' }
  | { state: 'failed'; message: string };

const port = parentPort;
if (!port || typeof workerData !== 'string') throw new Error('This module runs as the thread that checkpoints.');

const db = new DatabaseSync(workerData, { timeout: 5000 });
db.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -256');
const copy = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');
const truncate = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
const look = db.prepare('PRAGMA wal_checkpoint(NOOP)');
const version = db.prepare('PRAGMA user_version');

port.on('message', (order: CheckpointOrder) => {
  let report: CheckpointReport;
  try {
    report = obey(order);
  } catch (error) {
    report = { state: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(report);
  if (order === 'close') port.close();
});

function obey(order: CheckpointOrder): CheckpointReport {
  switch (order) {
    case 'copy':
      return checkpoint(copy);
    case 'renew':
      return renew();
    case 'truncate':
      return checkpoint(truncate);
    case 'close':
      db.close();
      return { state: 'done', pages: 0, copied: 0 };
  }
}

function renew(): CheckpointReport {
  const rest = checkpoint(copy);
  if (rest.state !== 'done' || rest.copied < rest.pages) return rest;
  writeFirstPage();
  return checkpoint(look);
}

/** The schema's version as it is: something to write that changes nothing. */
function writeFirstPage(): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    db.exec(`PRAGMA user_version = ${Number(version.get()?.user_version)}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function checkpoint(statement: StatementSync): CheckpointReport {
  const { busy, log, checkpointed } = statement.get() ?? {};
  return busy === 0 ? { state: 'done', pages: Number(log), copied: Number(checkpointed) } : { state: 'busy' };
}
