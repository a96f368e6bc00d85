import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openConnection } from '../../../src/storage/sqlite/connection.ts';
import { migrate } from '../../../src/storage/sqlite/migrations.ts';
import { schema } from '../../../src/storage/sqlite/schema.ts';
import { createUsages } from '../../../src/storage/sqlite/usage.ts';
import { makeSqliteSite, type SqliteSite } from '../sqlite-site.ts';
import { turnOf } from '../turns.ts';
import { makeOlderDatabase } from './older-database.ts';

/** The last version of the schema without a ledger. */
const before = 2;

describe('a database from before the ledger', () => {
  let site: SqliteSite;

  beforeEach(() => {
    site = makeSqliteSite();
    makeOlderDatabase(site, before, (db) => {
      db.exec(`
      INSERT INTO users VALUES (1, 'ann');
      INSERT INTO keys (id, name, user, prefix, scopes, requests_per_minute, hashes, created)
      VALUES ('key_1', 'old', 'ann', 'oc_', '["chat"]', 7, '[]', 5);
    `);
      const insert = db.prepare(`
      INSERT INTO runs (id, user, session, key, channel, state, model, provider, attempts,
        input_tokens, output_tokens, total_tokens, created, ended)
      VALUES (?, 1, 'home', ?, 'api', ?, 'small', ?, 1, ?, ?, ?, 0, ?)
    `);
      insert.run('run_1', 'key_1', 'completed', 'echo', 3, 4, 7, 86_400_000);
      insert.run('run_2', 'key_1', 'completed', 'echo', 10, 20, 30, 86_400_001);
      insert.run('run_3', null, 'failed', null, null, null, null, 86_399_999);
    });
  });
  afterEach(() => site.remove());

  it('has all that was stored in it, without a cost', async () => {
    const store = await site.open();
    const { items } = await store.listUsage({}, ['day', 'key', 'provider'], { limit: 10 });
    const nothing = { inputTokens: 0, outputTokens: 0, totalTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 };
    assert.deepEqual(items, [
      {
        day: '1970-01-02',
        keyId: 'key_1',
        provider: 'echo',
        ...nothing,
        runs: 2,
        failedRuns: 0,
        inputTokens: 13,
        outputTokens: 24,
        totalTokens: 37,
        unpricedRuns: 2,
      },
      { day: '1970-01-01', ...nothing, runs: 1, failedRuns: 1, unpricedRuns: 0 },
    ]);
  });

  it('keeps the limits of its keys', async () => {
    const [key] = await (await site.open()).loadKeys();
    assert.deepEqual(key?.limits, { requestsPerMinute: 7 });
  });
});

describe('a database whose ledger was in two tables', () => {
  let site: SqliteSite;

  beforeEach(() => {
    site = makeSqliteSite();
    makeOlderDatabase(site, 5, (db) => {
      const add = (table: string, day: number, user: string, ...counts: number[]) =>
        db
          .prepare(`INSERT INTO ${table} VALUES (${'?, '.repeat(14)}?)`)
          .run(day, user, 'key_1', 'small', 'echo', ...counts);
      add('usage', 1, 'ann', 3, 1, 10, 20, 30, 4, 5, 600, 2, 1);
      add('usage', 1, 'bob', 1, 0, 1, 1, 2, 0, 0, 0, 0, 1);
      add('recent_usage', 1, 'ann', 1, 0, 1, 2, 3, 0, 0, 60, 1, 0);
      add('recent_usage', 1, 'ann', 1, 0, 1, 2, 3, 0, 0, 60, 1, 0);
      add('recent_usage', 2, 'cid', 1, 1, 0, 0, 0, 0, 0, 0, 0, 0);
    });
  });
  afterEach(() => site.remove());

  it('has the sum of both, and goes on with it', async () => {
    const store = await site.open();
    const usage = { inputTokens: 1, outputTokens: 2, totalTokens: 3, cost: 60 };
    await store.finishTurn(
      turnOf({
        user: 'ann',
        session: 'home',
        at: 86_400_001,
        run: { user: 'ann', keyId: 'key_1', model: 'small', provider: 'echo', usage },
      }),
    );
    const { items } = await store.listUsage({}, ['day', 'user'], { limit: 10 });
    assert.deepEqual(
      items.map(({ day, user, runs, failedRuns, totalTokens, cost, unpricedRuns }) => [
        day,
        user,
        runs,
        failedRuns,
        totalTokens,
        cost,
        unpricedRuns,
      ]),
      [
        ['1970-01-03', 'cid', 1, 1, 0, undefined, 0],
        ['1970-01-02', 'ann', 6, 1, 39, 780, 1],
        ['1970-01-02', 'bob', 1, 0, 2, undefined, 1],
      ],
    );
    assert.equal(linesOf(site), 3);
  });
});

describe('the ledger', () => {
  let site: SqliteSite;

  beforeEach(() => {
    site = makeSqliteSite();
  });
  afterEach(() => site.remove());

  it('has one line for what belongs together, also after a restart', async () => {
    const first = await site.open();
    for (const user of ['ann', 'bob', 'ann']) await first.finishTurn(turnOf({ user, session: user, at: 1_000_000 }));
    await first.close();
    const second = await site.open();
    await second.finishTurn(turnOf({ user: 'ann', session: 'ann', at: 1_000_001 }));
    assert.equal(linesOf(site), 2);
    const { items } = await second.listUsage({}, ['user'], { limit: 10 });
    assert.deepEqual(
      items.map(({ user, runs }) => [user, runs]),
      [
        ['ann', 3],
        ['bob', 1],
      ],
    );
  });

  it('begins a line again that was undone with its commit', () => {
    const connection = openConnection(site.directory, basename(site.file));
    const { db } = connection;
    migrate(db, schema);
    const usages = createUsages(connection);
    const write = (...users: string[]) => {
      db.exec('BEGIN');
      for (const user of users) usages.add(turnOf({ user, session: user, run: { user } }).run);
      usages.write();
    };
    write('ann');
    db.exec('ROLLBACK');
    usages.forget();
    write('bob', 'ann', 'ann');
    db.exec('COMMIT');
    const { items } = usages.list({}, ['user'], { limit: 10 });
    db.close();
    assert.deepEqual(
      items.map(({ user, runs }) => [user, runs]),
      [
        ['ann', 2],
        ['bob', 1],
      ],
    );
  });
});

function linesOf(site: SqliteSite): number {
  const db = new DatabaseSync(site.file, { readOnly: true });
  const lines = db.prepare('SELECT count(*) AS lines FROM usage_lines').get()?.lines;
  db.close();
  return Number(lines);
}
