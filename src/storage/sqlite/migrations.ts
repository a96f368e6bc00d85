import type { DatabaseSync } from 'node:sqlite';
import { GatewayError } from '../../core/errors.ts';
import { prepare } from './connection.ts';
import { integer, toRow } from './rows.ts';

/**
 * Brings a database to the newest schema, each step in a transaction with its number: killed in between, it is what it
 * was. Several processes may do so at once, because each looks again once it holds the lock.
 */
export function migrate(db: DatabaseSync, steps: readonly string[]): void {
  while (versionOf(db) !== steps.length) {
    db.exec('BEGIN IMMEDIATE');
    try {
      const version = versionOf(db);
      refuseNewer(version, steps.length);
      const step = steps[version];
      if (step !== undefined) db.exec(`${step}; PRAGMA user_version = ${version + 1}`);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
}

function versionOf(db: DatabaseSync): number {
  const row = toRow(prepare(db, 'PRAGMA user_version').get());
  return row ? integer(row, 0) : 0;
}

function refuseNewer(version: number, known: number): void {
  if (version <= known) return;
  throw new GatewayError(
    'STORE_UNAVAILABLE',
    `The database has schema ${version}, and this gateway knows schemas up to ${known}. Start the newer gateway, or use another data folder.`,
  );
}
