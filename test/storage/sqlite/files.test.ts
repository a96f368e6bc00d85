import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isError } from '../../support/is-error.ts';
import { makeSqliteSite, type SqliteSite } from '../sqlite-site.ts';
import { keyOf, turnOf } from '../turns.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('the database file', () => {
  let site: SqliteSite;

  beforeEach(() => {
    site = makeSqliteSite();
  });
  afterEach(() => site.remove());

  const itOnUnix = process.platform === 'win32' ? it.skip : it;

  itOnUnix('is its owner’s alone, like the log, its index and a folder made for them', async () => {
    const store = await site.open();
    await store.createKey(keyOf('key_1'));
    assert.equal(modeOf(site.directory), 0o700);
    const names = readdirSync(site.directory).sort();
    assert.deepEqual(names, ['gateway.db', 'gateway.db-shm', 'gateway.db-wal']);
    for (const name of names) assert.equal(modeOf(join(site.directory, name)), 0o600, name);
  });

  itOnUnix('is made private when it was not', async () => {
    mkdirSync(site.directory);
    writeFileSync(site.file, '');
    chmodSync(site.file, 0o666);
    const store = await site.open();
    await store.createKey(keyOf('key_1'));
    for (const name of readdirSync(site.directory)) assert.equal(modeOf(join(site.directory, name)), 0o600, name);
  });

  it('is refused when it is no database', async () => {
    mkdirSync(site.directory);
    writeFileSync(site.file, 'This is a letter and not a database. '.repeat(100));
    await assert.rejects(site.open(), isError('STORE_UNAVAILABLE'));
  });

  it('is refused when its folder cannot be made', async () => {
    writeFileSync(site.directory, '');
    await assert.rejects(site.open(), isError('STORE_UNAVAILABLE'));
  });

  it('loses claims that have expired, a few with each new one', async () => {
    const store = await site.open();
    const claim = (key: string, expiresAt: number, now: number) =>
      store.claimIdempotency({ user: 'ann', operation: 'chat', key, fingerprint: 'f', expiresAt }, now);
    await Promise.all(Array.from({ length: 40 }, (_, index) => claim(`old ${index}`, 100, 0)));
    const left = () => {
      const db = new DatabaseSync(site.file, { readOnly: true });
      const [row] = db.prepare('SELECT count(*) AS n FROM idempotency').all();
      db.close();
      return row?.n;
    };
    const counts: unknown[] = [left()];
    for (let index = 0; index < 4; index += 1) {
      await claim(`new ${index}`, 900, 100);
      counts.push(left());
    }
    assert.deepEqual(counts, [40, 25, 10, 3, 4]);
  });

  const damages: [string, string][] = [
    ['parts that are no JSON', "UPDATE messages SET text = NULL, parts = '[{' WHERE role = 'user'"],
    ['parts of no known kind', `UPDATE messages SET text = NULL, parts = '[{"type":"song"}]' WHERE role = 'user'`],
    ['a message without content', "UPDATE messages SET text = NULL WHERE role = 'user'"],
    ['a role that does not exist', "UPDATE messages SET role = 'system' WHERE role = 'user'"],
  ];

  for (const [name, damage] of damages) {
    it(`with ${name} fails where that is read, and nowhere else`, async () => {
      const store = await site.open();
      const [hurt, well] = [turnOf({ session: 'hurt' }), turnOf({ session: 'well' })];
      await store.finishTurn(hurt);
      const db = new DatabaseSync(site.file);
      db.exec(damage);
      db.close();
      await assert.rejects(store.loadTurn('ann', 'hurt', 20), isError('INTERNAL'));
      await assert.rejects(store.listMessages('ann', 'hurt', { limit: 5 }), isError('INTERNAL'));
      assert.deepEqual(await store.getRun('ann', hurt.run.id), hurt.run);
      await store.finishTurn(well);
      assert.deepEqual((await store.loadTurn('ann', 'well', 20))?.history, [well.question, well.answer]);
    });
  }
});
