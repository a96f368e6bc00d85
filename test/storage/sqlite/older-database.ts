import { mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../../src/storage/sqlite/migrations.ts';
import { schema } from '../../../src/storage/sqlite/schema.ts';
import type { SqliteSite } from '../sqlite-site.ts';

/** Makes the database of an older gateway at a site, and has it filled. */
export function makeOlderDatabase(
  { directory, file }: SqliteSite,
  version: number,
  fill: (db: DatabaseSync) => void,
): void {
  mkdirSync(directory);
  const db = new DatabaseSync(file);
  migrate(db, schema.slice(0, version));
  fill(db);
  db.close();
}
