import { writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../../src/storage/sqlite/migrations.ts';

/** Brings a database from version 1 to version 2 by a step that takes seconds, so that it can be killed within. */
const [file = ''] = process.argv.slice(2);
const db = new DatabaseSync(file);
db.function('started', () => {
  writeSync(1, 'started\n');
  return 1;
});
migrate(db, [
  'CREATE TABLE first (a INTEGER)',
  `CREATE TABLE second (a INTEGER);
   INSERT INTO second SELECT started();
   WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) INSERT INTO second SELECT i FROM n`,
]);
