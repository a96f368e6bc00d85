import assert from 'node:assert/strict';
import type { Session, SessionChange, Store } from '../../../src/core/ports/store.ts';
import { isError } from '../../support/is-error.ts';
import type { StoreSite } from '../store.contract.ts';
import { turnOf } from '../turns.ts';

const plain: Session = { id: 'home', state: 'open', messageCount: 2, createdAt: 90, updatedAt: 500 };

/** Changes one after another, each at the same moment, and the session after them. */
const changes: Record<string, { given: SessionChange[]; want: Session }> = {
  'gives a title': { given: [{ action: 'rename', title: 'Rain' }], want: { ...plain, title: 'Rain' } },
  'takes another title': {
    given: [
      { action: 'rename', title: 'Rain' },
      { action: 'rename', title: '' },
    ],
    want: { ...plain, title: '' },
  },
  'sets model and instructions': {
    given: [{ action: 'configure', model: 'large', instructions: 'Be brief.' }],
    want: { ...plain, model: 'large', instructions: 'Be brief.' },
  },
  'leaves alone what is not named, and takes away what is null': {
    given: [
      { action: 'rename', title: 'Rain' },
      { action: 'configure', model: 'large', instructions: 'Be brief.' },
      { action: 'configure', model: null },
      { action: 'configure' },
    ],
    want: { ...plain, title: 'Rain', instructions: 'Be brief.' },
  },
  closes: { given: [{ action: 'close' }], want: { ...plain, state: 'closed' } },
  reopens: { given: [{ action: 'close' }, { action: 'reopen' }], want: plain },
  'forgets its history and nothing else': {
    given: [{ action: 'rename', title: 'Rain' }, { action: 'close' }, { action: 'reset' }],
    want: { ...plain, title: 'Rain', state: 'closed', messageCount: 0 },
  },
  'is copied': {
    given: [
      { action: 'rename', title: 'Rain' },
      { action: 'configure', model: 'large', instructions: 'Be brief.' },
      { action: 'fork', sessionId: 'away' },
    ],
    want: { ...plain, id: 'away', title: 'Rain', model: 'large', instructions: 'Be brief.', createdAt: 500 },
  },
  'is copied open': {
    given: [{ action: 'close' }, { action: 'fork', sessionId: 'away' }],
    want: { ...plain, id: 'away', createdAt: 500 },
  },
  'is shown once more when it goes': { given: [{ action: 'delete' }], want: { ...plain, updatedAt: 100 } },
};

export function describeChanges(makeSite: () => Promise<StoreSite>): void {
  describe('a session', () => {
    let site: StoreSite;
    let store: Store;

    beforeEach(async () => {
      site = await makeSite();
      store = await site.open();
      await store.finishTurn(turnOf({ session: 'home', at: 100 }));
    });
    afterEach(() => site.remove());

    const change = (id: string, wanted: SessionChange, now = 500) => store.changeSession('ann', id, wanted, now);
    const textsOf = async (id: string) =>
      (await store.loadTurn('ann', id, 100))?.history.map(({ parts: [part] }) =>
        part?.type === 'text' ? part.text : '',
      );
    const say = (session: string, question: string) =>
      store.finishTurn(turnOf({ session, question, answer: `${question}!` }));

    for (const [name, { given, want }] of Object.entries(changes)) {
      it(name, async () => {
        let answered: Session | null = null;
        for (const one of given) answered = await change('home', one);
        assert.deepEqual(answered, want);
        const gone = given.at(-1)?.action === 'delete';
        assert.deepEqual(await store.getSession('ann', want.id), gone ? null : want);
      });
    }

    it('is changed by nobody who does not have it', async () => {
      for (const action of ['close', 'delete', 'reset'] as const) {
        assert.equal(await store.changeSession('bob', 'home', { action }, 500), null);
        assert.equal(await change('Home', { action }), null);
      }
      assert.equal(await store.changeSession('bob', 'home', { action: 'fork', sessionId: 'stolen' }, 500), null);
      assert.equal((await store.getSession('ann', 'home'))?.messageCount, 2);
    });

    it('cannot be copied onto another, or onto itself', async () => {
      await say('other', 'x');
      await assert.rejects(change('home', { action: 'fork', sessionId: 'other' }), isError('CONFLICT'));
      await assert.rejects(change('home', { action: 'fork', sessionId: 'home' }), isError('CONFLICT'));
      assert.deepEqual(await textsOf('other'), ['x', 'x!']);
    });

    it('may be copied to an id that another user has', async () => {
      await store.finishTurn(turnOf({ user: 'bob', session: 'away' }));
      assert.equal((await change('home', { action: 'fork', sessionId: 'away' }))?.messageCount, 2);
      assert.equal((await store.getSession('bob', 'away'))?.messageCount, 2);
    });

    it('shares with its copy what was said before, and nothing after', async () => {
      await say('origin', 'a');
      await change('origin', { action: 'fork', sessionId: 'copy' });
      await say('origin', 'b');
      await say('copy', 'c');
      assert.deepEqual(await textsOf('origin'), ['a', 'a!', 'b', 'b!']);
      assert.deepEqual(await textsOf('copy'), ['a', 'a!', 'c', 'c!']);
      assert.equal((await store.getSession('ann', 'copy'))?.messageCount, 4);
    });

    for (const action of ['delete', 'reset'] as const) {
      it(`keeps its past when its origin meets a ${action}`, async () => {
        await say('origin', 'a');
        await change('origin', { action: 'fork', sessionId: 'copy' });
        await say('origin', 'b');
        await change('origin', { action });
        await say('origin', 'new');
        await say('copy', 'c');
        assert.deepEqual(await textsOf('copy'), ['a', 'a!', 'c', 'c!']);
        assert.deepEqual(await textsOf('origin'), ['new', 'new!']);
      });
    }

    it('inherits nothing from one that was deleted under its id', async () => {
      await change('home', { action: 'rename', title: 'Rain' });
      await change('home', { action: 'configure', model: 'large', instructions: 'Be brief.' });
      await change('home', { action: 'delete' });
      await store.finishTurn(turnOf({ session: 'home', question: 'new', answer: 'new!', at: 900 }));
      assert.deepEqual(await store.getSession('ann', 'home'), { ...plain, createdAt: 890, updatedAt: 900 });
      assert.deepEqual(await textsOf('home'), ['new', 'new!']);
    });

    it('leaves its runs behind, without what was said', async () => {
      const turn = turnOf({ session: 'brief' });
      await store.finishTurn(turn);
      await change('brief', { action: 'delete' });
      const { message: _, ...bare } = turn.run;
      const isBare = async () => (await store.getRun('ann', turn.run.id))?.message === undefined;
      while (!(await isBare())) await store.check();
      assert.deepEqual(await store.getRun('ann', turn.run.id), bare);
    });

    it('changes in the order in which changes came', async () => {
      const titles = Array.from({ length: 50 }, (_, index) => `title ${index}`);
      const shown = await Promise.all(titles.map((title) => change('home', { action: 'rename', title })));
      assert.deepEqual(
        shown.map((session) => session?.title),
        titles,
      );
    });
  });
}
