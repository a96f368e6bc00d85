import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { makeSqliteSite, type SqliteSite } from '../sqlite-site.ts';
import { turnOf } from '../turns.ts';
import { makeOlderDatabase } from './older-database.ts';

/** The last version of the schema whose sessions were unique by user, then name. */
const before = 4;

describe('a database whose sessions lay by user', () => {
  let site: SqliteSite;

  beforeEach(() => {
    site = makeSqliteSite();
    makeOlderDatabase(site, before, (db) =>
      db.exec(`
      INSERT INTO users VALUES (1, 'ann'), (2, 'bob');
      INSERT INTO sessions VALUES
        (3, 1, 'home', 'At home', 'closed', 'small', 'Be brief.', 10),
        (5, 1, 'fork', NULL, 'open', NULL, NULL, 11),
        (6, 2, 'home', NULL, 'open', NULL, NULL, 12);
      INSERT INTO messages (place, tree, parent, id, role, text, run, created) VALUES
        (1, NULL, NULL, 'msg_1', 'user', 'Hello', 'run_1', 10),
        (2, 1, 1, 'msg_2', 'assistant', 'Hi', 'run_1', 11);
      INSERT INTO heads VALUES (3, 1, 1, 2, 2, 20), (5, 1, 1, 1, 1, 30), (6, 2, NULL, NULL, 0, 12);
    `),
    );
  });
  afterEach(() => site.remove());

  it('has every session as it was', async () => {
    const store = await site.open();
    assert.deepEqual((await store.listSessions('ann', { limit: 10 })).items, [
      { id: 'fork', state: 'open', messageCount: 1, createdAt: 11, updatedAt: 30 },
      {
        id: 'home',
        title: 'At home',
        state: 'closed',
        model: 'small',
        instructions: 'Be brief.',
        messageCount: 2,
        createdAt: 10,
        updatedAt: 20,
      },
    ]);
    const turn = await store.loadTurn('ann', 'home', 10);
    assert.deepEqual(
      turn?.history.map(({ id }) => id),
      ['msg_1', 'msg_2'],
    );
    assert.equal((await store.getSession('bob', 'home'))?.messageCount, 0);
  });

  it('goes on: turns, one name for each user, sessions that leave nothing behind', async () => {
    const store = await site.open();
    await store.finishTurn(turnOf({ user: 'bob', session: 'home' }));
    const fork = await store.changeSession('ann', 'home', { action: 'fork', sessionId: 'again' }, 40);
    assert.equal(fork?.messageCount, 2);
    await assert.rejects(store.changeSession('ann', 'home', { action: 'fork', sessionId: 'fork' }, 41));
    await store.changeSession('ann', 'home', { action: 'delete' }, 42);
    const left = await Promise.all(['ann', 'bob'].map((user) => store.listSessions(user, { limit: 10 })));
    assert.deepEqual(
      left.map(({ items }) => items.map(({ id, messageCount }) => [id, messageCount])),
      [
        [
          ['again', 2],
          ['fork', 1],
        ],
        [['home', 2]],
      ],
    );
  });

  it('has no rule broken', async () => {
    await (await site.open()).close();
    const db = new DatabaseSync(site.file);
    assert.deepEqual(db.prepare('PRAGMA foreign_key_check').all(), []);
    assert.deepEqual(
      db
        .prepare('PRAGMA integrity_check')
        .all()
        .map((row) => row.integrity_check),
      ['ok'],
    );
    assert.throws(() => db.exec('INSERT INTO heads VALUES (99, 1, NULL, NULL, 0, 1, 0)'), /FOREIGN KEY/);
    db.close();
  });
});
