import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { GatewayError } from '../../core/errors.ts';
import { integer, text, toRow } from './rows.ts';

/** One connection, set up for a single writer whose log is synced and checkpointed by others (`docs/decisions`). */
export interface Connection {
  db: DatabaseSync;
  path: string;
  /** A statement whose rows are lists of cells. */
  prepare(sql: string): StatementSync;
}

/** How long a statement may wait, blocking everything, for a lock that another process holds. */
export const lockWait = 5000;

export function openConnection(directory: string, fileName: string): Connection {
  const folder = resolve(directory);
  const path = join(folder, fileName);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  makePrivate(path);
  const db = new DatabaseSync(path, { timeout: lockWait });
  try {
    setUp(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return { db, path, prepare: (sql) => prepare(db, sql) };
}

export function prepare(db: DatabaseSync, sql: string): StatementSync {
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}

/** Writes the schema's version as it is: something that every writer may write, and that changes nothing. */
export function writeNothing(db: DatabaseSync): void {
  const version = toRow(prepare(db, 'PRAGMA user_version').get());
  if (version) db.exec(`PRAGMA user_version = ${integer(version, 0)}`);
}

/** The changes of a log that nobody has synced reach the disk in order, so `NORMAL` loses nothing that was promised. */
function setUp(db: DatabaseSync): void {
  const mode = toRow(prepare(db, 'PRAGMA journal_mode = WAL').get());
  if (!mode || text(mode, 0) !== 'wal') {
    throw new GatewayError('STORE_UNAVAILABLE', 'The data folder is on a file system that cannot hold the database.');
  }
  db.exec(`
    PRAGMA synchronous = NORMAL;
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA journal_size_limit = ${64 * 1024 * 1024};
    PRAGMA cache_size = -8192;
  `);
}

/**
 * The log and its index take their mode from the database. The file must not be opened when it is there already:
 * closing it again would give up every lock that this process holds on it (fcntl(2), "advisory record locking").
 */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  }
}
