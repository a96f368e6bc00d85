import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { act, anyActions, createModel } from '../model.ts';
import { makeSqliteSite, type SqliteSite } from '../sqlite-site.ts';
import { turnOf } from '../turns.ts';

describe('what no session holds any more', () => {
  let site: SqliteSite;

  beforeEach(() => {
    site = makeSqliteSite();
  });
  afterEach(() => site.remove());

  function look(): { ids: string[]; heads: number } {
    const db = new DatabaseSync(site.file, { readOnly: true });
    const ids = db.prepare('SELECT id FROM messages ORDER BY id').all();
    const heads = db.prepare('SELECT head FROM abandoned').all();
    db.close();
    return { ids: ids.map((row) => String(row.id)), heads: heads.length };
  }

  async function untilReclaimed(): Promise<string[]> {
    while (look().heads > 0) await nextTurn();
    return look().ids;
  }

  it('goes, and nothing that one still holds', async () => {
    const store = await site.open();
    const property = fc.asyncProperty(anyActions, async (actions) => {
      const model = createModel();
      for (const action of actions) await act(store, model, action);
      const held = new Set([...model.sessions.values()].flatMap(({ history }) => history.map(({ id }) => id)));
      assert.deepEqual(await untilReclaimed(), [...held].sort());
      for (const { user, session } of model.sessions.values()) {
        await store.changeSession(user, session.id, { action: 'delete' }, 1);
      }
      assert.deepEqual(await untilReclaimed(), []);
    });
    await fc.assert(property, { numRuns: 25 });
  });

  for (const action of ['delete', 'reset'] as const) {
    it(`goes with a ${action}`, async () => {
      const store = await site.open();
      await store.finishTurn(turnOf());
      await store.changeSession('ann', 'home', { action }, 1);
      assert.deepEqual(await untilReclaimed(), []);
    });
  }

  function longTurn(messages: number) {
    const turn = turnOf({ session: 'long' });
    return { ...turn, before: Array.from({ length: messages - 2 }, () => turn.question) };
  }

  it('goes piece by piece, while others write', async () => {
    const store = await site.open();
    await store.finishTurn(longTurn(3000));
    await store.changeSession('ann', 'long', { action: 'delete' }, 1);
    await store.finishTurn(turnOf());
    const left = look().ids.length;
    assert.ok(left > 1000 && left < 3002, `${left} messages were left`);
    assert.equal((await untilReclaimed()).length, 2);
  });

  it('goes after a restart when there was no time before', async () => {
    const store = await site.open();
    await store.finishTurn(longTurn(3000));
    await store.changeSession('ann', 'long', { action: 'delete' }, 1);
    await store.close();
    assert.ok(look().ids.length > 1000);
    await site.open();
    assert.deepEqual(await untilReclaimed(), []);
  });

  it('goes down to where a copy was made, past a long life of its origin', async () => {
    const store = await site.open();
    const first = turnOf({ session: 'origin' });
    await store.finishTurn(first);
    await store.changeSession('ann', 'origin', { action: 'fork', sessionId: 'copy' }, 1);
    const copied = turnOf({ session: 'copy' });
    await store.finishTurn(copied);
    const origin = { ...longTurn(1000), run: { ...turnOf().run, sessionId: 'origin' } };
    await store.finishTurn(origin);
    await store.changeSession('ann', 'copy', { action: 'delete' }, 1);
    const ids = await untilReclaimed();
    assert.equal(ids.length, 1002);
    assert.ok(ids.includes(first.answer.id) && !ids.includes(copied.question.id));
  });
});
