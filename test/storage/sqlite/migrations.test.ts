import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../../src/storage/sqlite/migrations.ts';
import { isError } from '../../support/is-error.ts';
import { makeSqliteSite, type SqliteSite } from '../sqlite-site.ts';
import { turnOf } from '../turns.ts';
import { startChild } from './child.ts';

describe('migrations', () => {
  let site: SqliteSite;

  beforeEach(() => {
    site = makeSqliteSite();
    mkdirSync(site.directory);
  });
  afterEach(() => site.remove());

  function stateOf(db: DatabaseSync): { version: unknown; tables: unknown[] } {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
    return { version: db.prepare('PRAGMA user_version').get()?.user_version, tables: tables.map((row) => row.name) };
  }

  it('go from any version to the newest, a step at a time', () => {
    const steps = ['CREATE TABLE a (x)', 'ALTER TABLE a RENAME TO b', 'CREATE TABLE c (x)'];
    for (let done = 0; done <= steps.length; done += 1) {
      const db = new DatabaseSync(':memory:');
      migrate(db, steps.slice(0, done));
      migrate(db, steps);
      assert.deepEqual(stateOf(db), { version: 3, tables: ['b', 'c'] });
      db.close();
    }
  });

  it('leave the version before when a step fails', () => {
    const db = new DatabaseSync(':memory:');
    const broken = ['CREATE TABLE a (x)', 'CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)'];
    assert.throws(() => migrate(db, broken));
    assert.deepEqual(stateOf(db), { version: 1, tables: ['a'] });
    migrate(db, ['CREATE TABLE a (x)', 'CREATE TABLE c (x)']);
    assert.deepEqual(stateOf(db), { version: 2, tables: ['a', 'c'] });
    db.close();
  });

  it('leave the version before when they are killed within', async () => {
    const child = startChild('migrator.ts', [site.file]);
    assert.equal(await child.line(), 'started');
    await child.kill();
    const db = new DatabaseSync(site.file);
    assert.deepEqual(stateOf(db), { version: 1, tables: ['first'] });
    migrate(db, ['', 'CREATE TABLE second (a)']);
    assert.deepEqual(stateOf(db), { version: 2, tables: ['first', 'second'] });
    db.close();
  });

  it('happen once when several processes open a new database at once', async () => {
    const names = ['a', 'b', 'c'];
    const children = names.map((name) => startChild('opener.ts', [site.directory, name, '5']));
    assert.deepEqual(await Promise.all(children.map((child) => child.end())), [0, 0, 0]);
    const store = await site.open();
    const { items } = await store.listSessions('ann', { limit: 10 });
    assert.deepEqual(items.map(({ id }) => id).sort(), names);
  });

  it('refuse a database of a newer gateway, and leave it as it is', async () => {
    const first = await site.open();
    await first.finishTurn(turnOf());
    await first.close();
    const db = new DatabaseSync(site.file);
    db.exec('PRAGMA user_version = 999');
    const before = stateOf(db);
    await assert.rejects(site.open(), (error: unknown) => {
      assert.ok(isError('STORE_UNAVAILABLE')(error));
      assert.match(String(error), /schema 999, and this gateway knows schemas up to \d+\. Start the newer gateway/);
      return true;
    });
    assert.deepEqual(stateOf(db), before);
    db.close();
  });
});
