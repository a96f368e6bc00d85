import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
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

describe('the ledger', () => {
  let site: SqliteSite;

  beforeEach(() => {
    site = makeSqliteSite();
  });
  afterEach(() => site.remove());

  function rowsOf(table: 'usage' | 'recent_usage'): number {
    const db = new DatabaseSync(site.file, { readOnly: true });
    const count = db.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows;
    db.close();
    assert.equal(typeof count, 'number');
    return Number(count);
  }

  it('is the same before and after what is recent is added up, and has little that is recent', async () => {
    const store = await site.open();
    const ended = { inputTokens: 1, outputTokens: 1, totalTokens: 2, cost: 3 };
    let most = 0;
    for (let turn = 0; turn < 600; turn += 1) {
      const user = `user ${turn % 7}`;
      await store.finishTurn(turnOf({ user, session: `of ${user}`, at: 1_000_000, run: { user, usage: ended } }));
      most = Math.max(most, rowsOf('recent_usage'));
      if (turn % 100 !== 99) continue;
      const { items } = await store.listUsage({}, [], { limit: 10 });
      assert.deepEqual(
        items.map(({ runs, cost }) => ({ runs, cost })),
        [{ runs: turn + 1, cost: 3 * (turn + 1) }],
      );
    }
    assert.ok(most > 100 && most < 256, `${most} rows were recent`);
    assert.equal(rowsOf('usage'), 7);
  });

  it('takes up what an earlier process left', async () => {
    const first = await site.open();
    for (const user of ['ann', 'bob', 'ann']) await first.finishTurn(turnOf({ user, session: user, at: 1_000_000 }));
    await first.close();
    const left = rowsOf('recent_usage');
    const second = await site.open();
    assert.deepEqual([left > 0, rowsOf('recent_usage'), rowsOf('usage')], [true, 0, 2]);
    const { items } = await second.listUsage({}, ['user'], { limit: 10 });
    assert.deepEqual(
      items.map(({ user, runs }) => [user, runs]),
      [
        ['ann', 2],
        ['bob', 1],
      ],
    );
  });
});
