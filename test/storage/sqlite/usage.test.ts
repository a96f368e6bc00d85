import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../../src/storage/sqlite/migrations.ts';
import { schema } from '../../../src/storage/sqlite/schema.ts';
import { makeSqliteSite, type SqliteSite } from '../sqlite-site.ts';

/** The last version of the schema without a ledger. */
const before = 2;

describe('a database from before the ledger', () => {
  let site: SqliteSite;

  beforeEach(() => {
    site = makeSqliteSite();
    mkdirSync(site.directory);
    const db = new DatabaseSync(site.file);
    migrate(db, schema.slice(0, before));
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
    db.close();
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
