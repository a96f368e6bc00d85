import assert from 'node:assert/strict';
import type { Part } from '../../../src/core/message.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import type { Run } from '../../../src/core/run.ts';
import { isError } from '../../support/is-error.ts';
import type { StoreSite } from '../store.contract.ts';
import { promisedTurnOf, silentFailureOf, turnOf } from '../turns.ts';

const contents: Record<string, Part[]> = {
  'a text': [{ type: 'text', text: 'Grüße, 世界 👋' }],
  'an empty text': [{ type: 'text', text: '' }],
  'a text with a NUL': [{ type: 'text', text: 'a\0b' }],
  'half of a surrogate pair': [{ type: 'text', text: 'a\ud83d' }],
  'a text that looks like JSON': [{ type: 'text', text: '[{"type":"text","text":"x"}]' }],
  nothing: [],
  'two texts': [
    { type: 'text', text: 'a' },
    { type: 'text', text: 'b' },
  ],
  'images, calls and results': [
    { type: 'image', url: 'https://example.com/a.png', description: 'a cat' },
    { type: 'image', data: 'AAAA', mediaType: 'image/png' },
    { type: 'tool_call', id: 'call_1', name: 'weather', arguments: '{"at":' },
    { type: 'tool_result', toolCallId: 'call_1', content: 'rain', status: 'failed' },
    {
      type: 'tool_result',
      toolCallId: 'call_2',
      content: '',
      images: [{ type: 'image', data: 'AA', mediaType: 'image/gif' }],
    },
  ],
};

const runs: Record<string, Partial<Run>> = {
  'a plain run': {},
  'everything known of it': {
    keyId: 'key_1',
    channel: 'telegram',
    attempts: 3,
    finishReason: 'tool_calls',
    usage: {
      inputTokens: 10,
      outputTokens: 20,
      totalTokens: 30,
      cachedInputTokens: 4,
      reasoningTokens: 5,
      estimated: true,
      cost: 1_234_567_891,
    },
    metadata: { order: '7', ключ: '' },
  },
  'exact usage said to be so': { usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0, estimated: false } },
  'a failure with a partial answer': {
    state: 'failed',
    error: { code: 'RATE_LIMITED', message: 'Slower.', retryable: true, retryAfter: 3 },
  },
};

export function describeTurns(makeSite: () => Promise<StoreSite>): void {
  describe('turns', () => {
    let site: StoreSite;
    let store: Store;

    beforeEach(async () => {
      site = await makeSite();
      store = await site.open();
    });
    afterEach(() => site.remove());

    it('makes the session with its first turn', async () => {
      const { user, run, question, answer } = turnOf({ session: 'home', at: 100 });
      await store.finishTurn({ user, run, question, answer });
      const session = { id: 'home', state: 'open', messageCount: 2, createdAt: 90, updatedAt: 100 };
      assert.deepEqual(await store.loadTurn('ann', 'home', 20), { session, history: [question, answer] });
      assert.deepEqual(await store.getSession('ann', 'home'), session);
    });

    it('adds later turns and keeps when the session began', async () => {
      const turns = [turnOf({ at: 100 }), turnOf({ at: 200 }), turnOf({ at: 300 })];
      for (const turn of turns) await store.finishTurn(turn);
      const loaded = await store.loadTurn('ann', 'home', 20);
      assert.deepEqual(
        loaded?.history,
        turns.flatMap(({ question, answer }) => [question, answer]),
      );
      assert.deepEqual([loaded?.session.createdAt, loaded?.session.updatedAt], [90, 300]);
    });

    it('loads the newest messages, oldest first', async () => {
      const turns = Array.from({ length: 12 }, () => turnOf());
      for (const turn of turns) await store.finishTurn(turn);
      const all = turns.flatMap(({ question, answer }) => [question, answer]);
      for (const limit of [1, 5, 20, 24, 100]) {
        const loaded = await store.loadTurn('ann', 'home', limit);
        assert.deepEqual(loaded?.history, all.slice(-limit));
        assert.equal(loaded?.session.messageCount, 24);
      }
    });

    it('has no session that nobody made', async () => {
      await store.finishTurn(turnOf({ user: 'ann', session: 'home' }));
      assert.equal(await store.loadTurn('ann', 'Home', 20), null);
      assert.equal(await store.loadTurn('bob', 'home', 20), null);
      assert.equal(await store.getSession('bob', 'home'), null);
    });

    it('keeps the sessions of each user apart, also under one id', async () => {
      const ann = turnOf({ user: 'ann' });
      const bob = turnOf({ user: 'bob' });
      await Promise.all([store.finishTurn(ann), store.finishTurn(bob)]);
      assert.deepEqual((await store.loadTurn('ann', 'home', 20))?.history, [ann.question, ann.answer]);
      assert.deepEqual((await store.loadTurn('bob', 'home', 20))?.history, [bob.question, bob.answer]);
    });

    for (const [name, parts] of Object.entries(contents)) {
      it(`gives back as it was: ${name}`, async () => {
        const turn = turnOf({ question: parts, answer: parts });
        await store.finishTurn(turn);
        assert.deepEqual((await store.loadTurn('ann', 'home', 20))?.history, [turn.question, turn.answer]);
      });
    }

    for (const [name, wish] of Object.entries(runs)) {
      it(`gives back of a run: ${name}`, async () => {
        const turn = turnOf({ run: wish });
        await store.finishTurn(turn);
        assert.deepEqual(await store.getRun('ann', turn.run.id), turn.run);
        assert.equal(await store.getRun('bob', turn.run.id), null);
      });
    }

    it('stores messages that come before the question', async () => {
      const turn = turnOf();
      const before = [turnOf().question, turnOf().answer].map((message) => ({ ...message, runId: turn.run.id }));
      await store.finishTurn({ ...turn, before });
      assert.deepEqual((await store.loadTurn('ann', 'home', 20))?.history, [...before, turn.question, turn.answer]);
    });

    it('keeps a run that failed without a word, and makes no session for it', async () => {
      const failure = silentFailureOf();
      await store.finishTurn(failure);
      assert.deepEqual(await store.getRun('ann', failure.run.id), failure.run);
      assert.equal(await store.getSession('ann', 'home'), null);
    });

    it('shows a promised turn from its question to its answer', async () => {
      const { begin, finish } = promisedTurnOf({ at: 100 });
      await store.beginTurn(begin);
      assert.deepEqual((await store.loadTurn('ann', 'home', 20))?.history, [begin.question]);
      assert.deepEqual(await store.getRun('ann', begin.run.id), begin.run);
      assert.equal((await store.getSession('ann', 'home'))?.updatedAt, 90);
      await store.finishTurn(finish);
      assert.deepEqual((await store.loadTurn('ann', 'home', 20))?.history, [begin.question, finish.answer]);
      assert.deepEqual(await store.getRun('ann', begin.run.id), finish.run);
      assert.equal((await store.getSession('ann', 'home'))?.updatedAt, 100);
    });

    it('keeps the question of a promised turn that failed', async () => {
      const { begin } = promisedTurnOf({ at: 100 });
      const failure = silentFailureOf({ at: 100, run: { id: begin.run.id } });
      await store.beginTurn(begin);
      await store.finishTurn(failure);
      assert.deepEqual((await store.loadTurn('ann', 'home', 20))?.history, [begin.question]);
      assert.deepEqual(await store.getRun('ann', begin.run.id), failure.run);
    });

    for (const action of ['delete', 'reset'] as const) {
      it(`ends a promised turn alone when its session met a ${action}`, async () => {
        const { begin, finish } = promisedTurnOf();
        await store.beginTurn(begin);
        await store.changeSession('ann', 'home', { action }, 500);
        await store.finishTurn(finish);
        const { message: _, ...alone } = finish.run;
        assert.deepEqual(await store.getRun('ann', begin.run.id), alone);
        const history = (await store.loadTurn('ann', 'home', 20))?.history;
        assert.deepEqual(history, action === 'delete' ? undefined : []);
      });
    }

    it('adds nothing to a history that was begun anew meanwhile', async () => {
      const { begin, finish } = promisedTurnOf();
      const anew = turnOf();
      await store.beginTurn(begin);
      await store.changeSession('ann', 'home', { action: 'reset' }, 500);
      await store.finishTurn(anew);
      await store.finishTurn(finish);
      assert.deepEqual((await store.loadTurn('ann', 'home', 20))?.history, [anew.question, anew.answer]);
    });

    it('ends a promised turn once, and only for its user', async () => {
      const { begin, finish } = promisedTurnOf();
      await store.beginTurn(begin);
      const stolen = { ...finish, user: 'bob', run: { ...finish.run, user: 'bob' } };
      await assert.rejects(store.finishTurn(stolen), isError('CONFLICT'));
      assert.deepEqual(await store.getRun('ann', begin.run.id), begin.run);
      await store.finishTurn(finish);
      await assert.rejects(store.finishTurn(finish), isError('CONFLICT'));
      assert.deepEqual((await store.loadTurn('ann', 'home', 20))?.history, [begin.question, finish.answer]);
    });

    it('refuses a run twice, and only that one of the turns that came together', async () => {
      const first = turnOf({ session: 'a' });
      await store.finishTurn(first);
      const twice = turnOf({ session: 'b', run: { id: first.run.id } });
      const [before, after] = [turnOf({ session: 'c' }), turnOf({ session: 'd' })];
      const results = await Promise.allSettled([before, twice, after].map((turn) => store.finishTurn(turn)));
      assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      await assert.rejects(store.finishTurn(twice), isError('CONFLICT'));
      assert.equal(await store.getSession('ann', 'b'), null);
      assert.deepEqual(await store.getRun('ann', first.run.id), first.run);
      assert.deepEqual((await store.loadTurn('ann', 'd', 20))?.history, [after.question, after.answer]);
    });

    it('stores many turns at once, each whole', async () => {
      const turns = Array.from({ length: 200 }, (_, index) => turnOf({ session: `s${index % 7}` }));
      await Promise.all(turns.map((turn) => store.finishTurn(turn)));
      for (const { run } of turns) assert.deepEqual(await store.getRun('ann', run.id), run);
      const counts = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((n) => store.getSession('ann', `s${n}`)));
      assert.equal(
        counts.reduce((sum, session) => sum + (session?.messageCount ?? 0), 0),
        400,
      );
    });
  });
}
