import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { createSeededRandom } from '../../support/seeded-random.ts';
import { makeSqliteSite, type SqliteSite } from '../sqlite-site.ts';
import { startChild } from './child.ts';

const rounds = 4;

describe('a gateway that is killed while it writes', () => {
  let site: SqliteSite;

  beforeEach(() => {
    site = makeSqliteSite();
  });
  afterEach(() => site.remove());

  it('has everything that it acknowledged, and nothing by halves', async () => {
    const random = createSeededRandom(20261123);
    const acknowledged: { state: string; run: string; session: string }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const writer = startChild('crash-writer.ts', [site.directory, String(round)]);
      for (let left = 50 + random.fraction() * 500; left > 0; left -= 1) {
        const [state = '', run = '', session = ''] = (await writer.line())?.split(' ') ?? [];
        acknowledged.push({ state, run, session });
      }
      await writer.kill();
      await checkAll(acknowledged);
    }
  });

  async function checkAll(acknowledged: { state: string; run: string; session: string }[]): Promise<void> {
    const store = await site.open({ now: 9 });
    const said = new Map<string, Set<string>>();
    for (const session of new Set(acknowledged.map((one) => one.session))) {
      const turn = await store.loadTurn('ann', session, 10_000);
      assert.equal(turn?.history.length, turn?.session.messageCount);
      said.set(session, new Set(turn?.history.map(({ id }) => id)));
    }
    for (const { state, run, session } of acknowledged) {
      const stored = await store.getRun('ann', run);
      const isDone = stored?.state === 'completed' && stored.message !== undefined;
      const isCut = stored?.error?.code === 'INTERRUPTED' && state === 'begun';
      assert.ok(isDone || isCut, `${state} ${run} is ${JSON.stringify(stored)}`);
      assert.ok(said.get(session)?.has(`msg_${run}_0`), `the question of ${run} is gone`);
      if (isDone) assert.ok(said.get(session)?.has(`msg_${run}_1`), `the answer of ${run} is gone`);
    }
    await store.close();
    const db = new DatabaseSync(site.file);
    assert.deepEqual({ ...db.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
    // Not one promised run, acknowledged or not, is without its question.
    const without = db.prepare(
      'SELECT id FROM runs r WHERE question IS NOT NULL AND NOT EXISTS (SELECT 1 FROM messages WHERE run = r.id)',
    );
    assert.deepEqual(without.all(), []);
    db.close();
  }
});
