import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isError } from '../support/is-error.ts';
import { alice, ask, runToEnd } from '../support/make-gateway.ts';
import { finish, gate, text } from '../support/scripted-provider.ts';
import { until } from '../support/until.ts';
import { useRuns } from '../support/use-runs.ts';

const signal = new AbortController().signal;

describe('runs of a gateway that drains', () => {
  const rig = useRuns();

  it('are refused when they are new', async () => {
    await rig.gateway.drain(1000);
    await assert.rejects(rig.gateway.runs.start(alice, ask('hi'), { signal }), isError('SHUTTING_DOWN'));
    assert.equal(rig.provider.calls.length, 0);
  });

  it('may end within the grace, and then nobody waits for it', async () => {
    const held = gate();
    rig.script = (index) => [text('Hello'), ...(index === 0 ? [] : [held.step]), finish];
    await runToEnd(rig.gateway, ask('an earlier one'));
    const running = runToEnd(rig.gateway, ask('hi'));
    await until(() => rig.provider.calls.length === 2);
    const timers = rig.under.clock.pending;
    let isDrained = false;
    const drained = rig.gateway.drain(20_000).then(() => {
      isDrained = true;
    });
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    assert.equal(isDrained, false);
    held.open();
    assert.equal((await running).run.state, 'completed');
    await drained;
    assert.equal(rig.under.clock.pending, timers);
  });

  it('are cut after the grace, with what they said', async () => {
    rig.script = () => [text('Hello'), 'hang'];
    const owned = runToEnd(rig.gateway, ask('hi', { sessionId: 's1' }));
    const kept = runToEnd(rig.gateway, ask('hi', { sessionId: 's2', resumable: true }));
    await until(() => rig.provider.calls.length === 2);
    const drained = rig.gateway.drain(20_000);
    rig.under.clock.advance(19_999);
    await nextTurn();
    assert.equal(rig.gateway.runs.active(), 2);
    rig.under.clock.advance(1);
    for (const { run } of await Promise.all([owned, kept])) {
      assert.deepEqual([run.state, run.error?.code], ['failed', 'INTERRUPTED']);
      assert.deepEqual(run.message?.parts, [{ type: 'text', text: 'Hello' }]);
    }
    await drained;
    assert.equal(rig.gateway.runs.active(), 0);
  });

  it('begin no more once it has drained, also where they wait for a lane', async () => {
    rig.script = () => [text('Hello'), 'hang'];
    const first = runToEnd(rig.gateway, ask('one', { sessionId: 's1' }));
    const waiting = [
      runToEnd(rig.gateway, ask('two', { sessionId: 's1' })),
      runToEnd(rig.gateway, ask('three', { sessionId: 's1', resumable: true })),
    ];
    const outcomes = Promise.allSettled(waiting);
    await until(() => rig.provider.calls.length === 1);
    const drained = rig.gateway.drain(1000);
    rig.under.clock.advance(1000);
    await drained;
    assert.equal((await first).run.error?.code, 'INTERRUPTED');
    for (const outcome of await outcomes) {
      assert.ok(outcome.status === 'rejected');
      isError('INTERRUPTED')(outcome.reason);
    }
    assert.equal(rig.provider.calls.length, 1);
    assert.equal(rig.gateway.runs.active(), 0);
  });

  it('are waited for from the moment they are asked for', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { loadTurn } = rig.under.store;
    rig.broken = {
      loadTurn: async (...given) => {
        await promise;
        return loadTurn(...given);
      },
    };
    const running = runToEnd(rig.gateway, ask('hi', { sessionId: 's1' }));
    let isDrained = false;
    const drained = rig.gateway.drain(1000).then(() => {
      isDrained = true;
    });
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    assert.equal(isDrained, false);
    resolve();
    assert.equal((await running).run.state, 'completed');
    await drained;
  });
});
