import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WantedChange } from '../../src/core/sessions.ts';
import { laneOf } from '../../src/core/turn.ts';
import { isFree } from '../support/free-lane.ts';
import { isError } from '../support/is-error.ts';
import { alice, ask, runToEnd } from '../support/make-gateway.ts';
import { finish, text } from '../support/scripted-provider.ts';
import { until } from '../support/until.ts';
import { useRuns } from '../support/use-runs.ts';

const signal = new AbortController().signal;
const page = { limit: 100 };

describe('sessions', () => {
  const rig = useRuns();

  const say = (words: string, sessionId = 's1', principal = alice) =>
    runToEnd(rig.gateway, ask(words, { sessionId }), principal);
  const change = (wanted: WantedChange, id = 's1', principal = alice) =>
    rig.gateway.sessions.change(principal, id, wanted, signal);
  const get = (id = 's1') => rig.gateway.sessions.get(alice, id);
  const words = async (id = 's1') =>
    (await rig.gateway.sessions.messages(alice, id, page)).items
      .toReversed()
      .flatMap(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : part.type)));

  it('are made by the first message and grow with each turn', async () => {
    const madeAt = rig.under.clock.now();
    await say('one');
    rig.under.clock.advance(1000);
    await say('two');
    assert.deepEqual(await get(), {
      id: 's1',
      state: 'open',
      messageCount: 4,
      createdAt: madeAt,
      updatedAt: madeAt + 1000,
    });
    assert.deepEqual(await words(), ['one', 'yes', 'two', 'yes']);
  });

  it('are listed a page at a time, the one last talked in first', async () => {
    for (const id of ['a', 'b', 'c', 'a']) {
      rig.under.clock.advance(1000);
      await say('hi', id);
    }
    const first = await rig.gateway.sessions.list(alice, { limit: 2 });
    assert.deepEqual(
      first.items.map(({ id }) => id),
      ['a', 'c'],
    );
    const { nextCursor: cursor = '' } = first;
    assert.deepEqual(
      (await rig.gateway.sessions.list(alice, { limit: 2, cursor })).items.map(({ id }) => id),
      ['b'],
    );
  });

  it('show their messages newest first, a page at a time', async () => {
    for (const question of ['one', 'two']) await say(question);
    const first = await rig.gateway.sessions.messages(alice, 's1', { limit: 3 });
    const { nextCursor: cursor = '' } = first;
    const rest = await rig.gateway.sessions.messages(alice, 's1', { limit: 3, cursor });
    const all = [...first.items, ...rest.items];
    assert.deepEqual(
      all.map(({ role }) => role),
      ['assistant', 'user', 'assistant', 'user'],
    );
    assert.equal(new Set(all.map(({ id }) => id)).size, 4);
    assert.equal(rest.nextCursor, undefined);
  });

  describe('change', () => {
    beforeEach(async () => {
      await say('one');
    });

    it('their title', async () => {
      assert.equal((await change({ action: 'rename', title: 'Holiday' })).title, 'Holiday');
      assert.equal((await get()).title, 'Holiday');
    });

    it('their model and instructions, each for itself, and lose them by null', async () => {
      await change({ action: 'configure', model: 'model-a' });
      const both = await change({ action: 'configure', instructions: 'short' });
      assert.deepEqual([both.model, both.instructions], ['model-a', 'short']);
      const one = await change({ action: 'configure', model: null });
      assert.deepEqual([one.model, one.instructions], [undefined, 'short']);
      assert.equal('model' in one, false);
    });

    it('to closed and open again, as often as one likes', async () => {
      for (const [action, state] of [
        ['close', 'closed'],
        ['close', 'closed'],
        ['reopen', 'open'],
        ['reopen', 'open'],
      ] as const) {
        assert.equal((await change({ action })).state, state);
      }
      await say('two');
    });

    it('to forgetful ones that stay what they are', async () => {
      await change({ action: 'rename', title: 'Holiday' });
      const reset = await change({ action: 'reset' });
      assert.deepEqual([reset.messageCount, reset.title], [0, 'Holiday']);
      assert.deepEqual(await words(), []);
      await say('two');
      assert.equal(rig.provider.calls.at(-1)?.call.messages.length, 1);
      assert.deepEqual(await words(), ['two', 'yes']);
    });

    it('to two, which then go their own ways', async () => {
      await change({ action: 'configure', instructions: 'short' });
      const fork = await change({ action: 'fork', sessionId: 's2' });
      assert.deepEqual([fork.id, fork.messageCount, fork.instructions], ['s2', 2, 'short']);
      await say('left', 's1');
      await say('right', 's2');
      assert.deepEqual(await words('s1'), ['one', 'yes', 'left', 'yes']);
      assert.deepEqual(await words('s2'), ['one', 'yes', 'right', 'yes']);
      await change({ action: 'delete' });
      assert.deepEqual(await words('s2'), ['one', 'yes', 'right', 'yes']);
    });

    it('to two of which the gateway names the new one', async () => {
      const fork = await change({ action: 'fork' });
      assert.match(fork.id, /^s-[0-9a-z]{26}$/);
      assert.deepEqual(await words(fork.id), ['one', 'yes']);
    });

    it('to no second one under a name that is taken', async () => {
      await assert.rejects(change({ action: 'fork', sessionId: 's1' }), isError('CONFLICT'));
      await say('other', 's2');
      await assert.rejects(change({ action: 'fork', sessionId: 's2' }), isError('CONFLICT'));
      assert.deepEqual(await words('s2'), ['other', 'yes']);
    });

    it('to nothing, and made again inherit nothing', async () => {
      await change({ action: 'configure', instructions: 'short' });
      await change({ action: 'rename', title: 'Holiday' });
      assert.equal((await change({ action: 'delete' })).title, 'Holiday', 'the answer is the session as it was');
      await assert.rejects(get(), isError('SESSION_NOT_FOUND'));
      await assert.rejects(change({ action: 'delete' }), isError('SESSION_NOT_FOUND'));
      await say('again');
      assert.deepEqual(await words(), ['again', 'yes']);
      const { call } = rig.provider.calls.at(-1) ?? assert.fail();
      assert.deepEqual([call.messages.length, call.instructions], [1, undefined]);
      assert.equal((await get()).title, undefined);
    });
  });

  for (const action of ['delete', 'reset'] as const) {
    it(`${action} after the turn that is under way, not in the middle of it`, async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      rig.script = () => [text('Hello'), { wait: promise }, finish];
      const running = say('one');
      await until(() => rig.provider.calls.length === 1);
      let isDone = false;
      const changed = change({ action }).then(() => {
        isDone = true;
      });
      for (let turn = 0; turn < 10; turn += 1) await nextTurn();
      assert.equal(isDone, false);
      resolve();
      assert.equal((await running).run.state, 'completed');
      await changed;
      if (action === 'delete') await assert.rejects(get(), isError('SESSION_NOT_FOUND'));
      else assert.deepEqual(await words(), []);
    });

    it(`do not ${action} any more when the client has gone before its turn came`, async () => {
      await say('zero');
      const { promise, resolve } = Promise.withResolvers<void>();
      rig.script = () => [{ wait: promise }, text('Hello'), finish];
      const running = say('one');
      await until(() => rig.provider.calls.length === 2);
      const abort = new AbortController();
      const lost = rig.gateway.sessions.change(alice, 's1', { action }, abort.signal);
      abort.abort(new Error('gone'));
      await assert.rejects(lost, /gone/);
      resolve();
      await running;
      assert.equal((await words()).length, 4);
      assert.ok(await isFree(rig.under.lanes, laneOf('alice', 's1')));
    });
  }
});
