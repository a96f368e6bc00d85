import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GatewayError } from '../../src/core/errors.ts';
import { laneOf } from '../../src/core/turn.ts';
import { createCountedAbort } from '../support/counted-signal.ts';
import { isFree } from '../support/free-lane.ts';
import { isError } from '../support/is-error.ts';
import { alice, ask, bob, readAll, runToEnd } from '../support/make-gateway.ts';
import { finish, gate, text } from '../support/scripted-provider.ts';
import { until } from '../support/until.ts';
import { useRuns } from '../support/use-runs.ts';

const signal = new AbortController().signal;
const page = { limit: 100 };

describe('runs', () => {
  const rig = useRuns();

  describe('of one session', () => {
    it('go one after another, each with what the one before said', async () => {
      const gates = Array.from({ length: 4 }, gate);
      rig.script = (index) => [gates[index]?.step ?? finish, text(`answer ${index}`), finish];
      const all = gates.map((_, index) => runToEnd(rig.gateway, ask(`question ${index}`, { sessionId: 's1' })));
      for (const [index, { open }] of gates.entries()) {
        await until(() => rig.provider.calls.length > index);
        await nextTurn();
        assert.equal(rig.provider.calls.length, index + 1, 'the next one waits');
        assert.equal(rig.provider.calls[index]?.call.messages.length, 2 * index + 1);
        open();
      }
      await Promise.all(all);
      const { items } = await rig.gateway.sessions.messages(alice, 's1', page);
      assert.deepEqual(
        items.toReversed().map(({ parts: [part] }) => part?.type === 'text' && part.text),
        [0, 1, 2, 3].flatMap((index) => [`question ${index}`, `answer ${index}`]),
      );
    });

    it('go one after another from the moment its name is known, also where it is new', async () => {
      const held = gate();
      rig.script = (index) => (index === 0 ? [text('first'), held.step, finish] : [text('second'), finish]);
      const active = await rig.gateway.runs.start(alice, ask('one'), { signal });
      const reader = active.events[Symbol.asyncIterator]();
      const begun = (await reader.next()).value?.[0];
      assert.equal(begun?.type, 'run.started');
      const next = runToEnd(rig.gateway, ask('two', { sessionId: active.run.sessionId }));
      for (let turn = 0; turn < 5; turn += 1) await nextTurn();
      assert.equal(rig.provider.calls.length, 1);
      held.open();
      while (!(await reader.next()).done);
      await next;
      assert.equal(rig.provider.calls[1]?.call.messages.length, 3);
    });

    it('do not wait for who left while waiting', async () => {
      const held = gate();
      rig.script = (index) => (index === 0 ? [held.step, text('yes'), finish] : [text('yes'), finish]);
      const first = runToEnd(rig.gateway, ask('one', { sessionId: 's1' }));
      const abort = createCountedAbort();
      const lost = rig.gateway.runs.start(alice, ask('two', { sessionId: 's1' }), { signal: abort.signal });
      const third = runToEnd(rig.gateway, ask('three', { sessionId: 's1' }));
      await until(() => rig.provider.calls.length > 0);
      abort.abort(new GatewayError('CLIENT_CLOSED', 'gone'));
      await assert.rejects(lost, isError('CLIENT_CLOSED'));
      held.open();
      await Promise.all([first, third]);
      assert.deepEqual(rig.provider.calls.length, 2);
      assert.equal(abort.listeners(), 0);
    });
  });

  it('of different sessions, and of different users, go side by side', async () => {
    const held = gate();
    rig.script = () => [held.step, text('yes'), finish];
    const all = [
      runToEnd(rig.gateway, ask('hi', { sessionId: 's1' })),
      runToEnd(rig.gateway, ask('hi', { sessionId: 's2' })),
      runToEnd(rig.gateway, ask('hi', { sessionId: 's1' }), bob),
      runToEnd(rig.gateway, ask('hi')),
    ];
    await until(() => rig.provider.calls.length === 4);
    assert.equal(rig.gateway.runs.active(), 4);
    held.open();
    await Promise.all(all);
    assert.equal(rig.gateway.runs.active(), 0);
  });

  it('that end leave nothing, a thousand aborted ones at every point either', async () => {
    const abort = createCountedAbort();
    rig.script = (index) => [
      ...(index % 3 === 0 ? [] : [text('a')]),
      ...(index % 2 === 0 ? (['hang'] as const) : [text('b')]),
      'hang',
    ];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 1000 }, async (_, index) => {
        // Some share a session and wait for one another, some make their own.
        const session = index % 4 === 0 ? {} : { sessionId: `s${index % 250}` };
        const active = await rig.gateway.runs.start(alice, ask('hi', session), { signal: abort.signal });
        const events = readAll(active.events);
        if (index === 999) for (let turn = 0; turn < 3; turn += 1) await nextTurn();
        if (index === 999) abort.abort();
        return events;
      }).concat(
        // Whoever was first may wait for a call that hangs: the long-lived signal ends them all.
        (async () => {
          await until(() => rig.provider.calls.length >= 400);
          abort.abort();
          return [];
        })(),
      ),
    );
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') assert.notEqual(outcome.value.at(-1)?.type, 'run.completed');
    }
    assert.equal(rig.gateway.runs.active(), 0);
    assert.equal(abort.listeners(), 0);
    assert.equal(rig.provider.open(), 0);
    for (let lane = 0; lane < 250; lane += 1) assert.ok(await isFree(rig.under.lanes, laneOf('alice', `s${lane}`)));
  });

  it('of others do not exist', async () => {
    const { run } = await runToEnd(rig.gateway, ask('hi'));
    assert.equal((await rig.gateway.runs.get(alice, run.id)).id, run.id);
    await assert.rejects(rig.gateway.runs.get(bob, run.id), isError('NOT_FOUND'));
    await assert.rejects(rig.gateway.runs.get(alice, 'run_none'), isError('NOT_FOUND'));
  });
});
