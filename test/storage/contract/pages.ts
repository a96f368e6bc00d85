import assert from 'node:assert/strict';
import type { Message } from '../../../src/core/message.ts';
import type { PageRequest, Store } from '../../../src/core/ports/store.ts';
import { isError } from '../../support/is-error.ts';
import { readAll } from '../model.ts';
import type { StoreSite } from '../store.contract.ts';
import { turnOf } from '../turns.ts';

const badCursors = ['', 'x', 'AAAA', '../..', 'bWVzc2FnZXMgMQ==', '%00', '9'.repeat(400)];

export function describePages(makeSite: () => Promise<StoreSite>): void {
  describe('pages', () => {
    let site: StoreSite;
    let store: Store;

    beforeEach(async () => {
      site = await makeSite();
      store = await site.open();
    });
    afterEach(() => site.remove());

    const sessions = (page: PageRequest) => store.listSessions('ann', page);
    const messages = async (page: PageRequest, id = 'home', user = 'ann') => {
      const found = await store.listMessages(user, id, page);
      assert.ok(found);
      return found;
    };

    async function makeSessions(count: number, at: (index: number) => number): Promise<void> {
      const turns = Array.from({ length: count }, (_, index) => turnOf({ session: `s${index}`, at: at(index) }));
      await Promise.all(turns.map((turn) => store.finishTurn(turn)));
    }

    async function talk(turns: number, session = 'home', user = 'ann'): Promise<Message[]> {
      const said: Message[] = [];
      for (let index = 0; index < turns; index += 1) {
        const turn = turnOf({ session, user });
        await store.finishTurn(turn);
        said.unshift(turn.answer, turn.question);
      }
      return said;
    }

    it('are empty when there is nothing', async () => {
      assert.deepEqual(await sessions({ limit: 10 }), { items: [] });
      assert.equal(await store.listMessages('ann', 'home', { limit: 10 }), null);
      await talk(1);
      await store.changeSession('ann', 'home', { action: 'reset' }, 5);
      assert.deepEqual(await messages({ limit: 10 }), { items: [] });
    });

    for (const limit of [1, 3, 10, 11, 100]) {
      it(`of ${limit} hold every session once, the last changed first`, async () => {
        await makeSessions(11, (index) => 1000 + ((index * 7) % 11));
        await store.finishTurn(turnOf({ user: 'bob', session: 's1' }));
        const all = await readAll(sessions, limit);
        assert.deepEqual(
          all.map(({ updatedAt }) => updatedAt),
          Array.from({ length: 11 }, (_, index) => 1010 - index),
        );
      });

      it(`of ${limit} hold every message once, the newest first`, async () => {
        const said = await talk(6);
        assert.deepEqual(await readAll(messages, limit), said.slice(0, 12));
      });
    }

    it('hold every session once, also when many changed at one moment', async () => {
      await makeSessions(30, () => 1000);
      const ids = (await readAll(sessions, 4)).map(({ id }) => id);
      assert.equal(new Set(ids).size, 30);
      assert.equal(ids.length, 30);
    });

    it('say that there are more only when there are', async () => {
      await makeSessions(4, () => 1000);
      assert.equal((await sessions({ limit: 4 })).nextCursor, undefined);
      assert.notEqual((await sessions({ limit: 3 })).nextCursor, undefined);
      await talk(2);
      assert.equal((await messages({ limit: 4 })).nextCursor, undefined);
      assert.notEqual((await messages({ limit: 3 })).nextCursor, undefined);
    });

    it('go on where they were while sessions are made and changed', async () => {
      await makeSessions(10, (index) => 1000 + index);
      const first = await sessions({ limit: 5 });
      await store.finishTurn(turnOf({ session: 'new', at: 2000 }));
      await store.changeSession('ann', 's9', { action: 'rename', title: 'seen' }, 2001);
      const rest = await readAll(sessions, 2, first.nextCursor);
      assert.deepEqual(
        rest.map(({ id }) => id),
        ['s4', 's3', 's2', 's1', 's0'],
      );
    });

    it('go on where they were while a session is talked to', async () => {
      const said = await talk(4);
      const first = await messages({ limit: 3 });
      await talk(2);
      const rest = await readAll(messages, 2, first.nextCursor);
      assert.deepEqual([...first.items, ...rest], said);
    });

    for (const cursor of badCursors) {
      it(`refuse the cursor ${JSON.stringify(cursor).slice(0, 30)}`, async () => {
        await talk(3);
        await assert.rejects(sessions({ limit: 1, cursor }), isError('INVALID_REQUEST', '/cursor'));
        await assert.rejects(messages({ limit: 1, cursor }), isError('INVALID_REQUEST', '/cursor'));
      });
    }

    it('refuse the cursor of another list, of another session and of a history that is no more', async () => {
      await makeSessions(2, () => 1000);
      await talk(2, 'home', 'bob');
      await talk(2);
      const { nextCursor: ofSessions = '' } = await sessions({ limit: 1 });
      const { nextCursor: ofBob = '' } = await messages({ limit: 1 }, 'home', 'bob');
      const { nextCursor: own = '' } = await messages({ limit: 1 });
      assert.ok(ofSessions && ofBob && own);
      await assert.rejects(messages({ limit: 1, cursor: ofSessions }), isError('INVALID_REQUEST', '/cursor'));
      await assert.rejects(messages({ limit: 1, cursor: ofBob }), isError('INVALID_REQUEST', '/cursor'));
      await assert.rejects(sessions({ limit: 1, cursor: own }), isError('INVALID_REQUEST', '/cursor'));
      await store.changeSession('ann', 'home', { action: 'reset' }, 5);
      await assert.rejects(messages({ limit: 1, cursor: own }), isError('INVALID_REQUEST', '/cursor'));
      await talk(1);
      await assert.rejects(messages({ limit: 1, cursor: own }), isError('INVALID_REQUEST', '/cursor'));
    });
  });
}
