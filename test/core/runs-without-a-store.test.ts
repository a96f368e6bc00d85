import assert from 'node:assert/strict';
import { laneOf } from '../../src/core/turn.ts';
import { isFree } from '../support/free-lane.ts';
import { isError } from '../support/is-error.ts';
import { alice, ask, runToEnd } from '../support/make-gateway.ts';
import { text } from '../support/scripted-provider.ts';
import { storeFails, useRuns } from '../support/use-runs.ts';

const signal = new AbortController().signal;

describe('runs whose store fails', () => {
  const rig = useRuns();

  it('fail with STORE_UNAVAILABLE instead of completing', async () => {
    rig.broken = { finishTurn: storeFails };
    const { run, events } = await runToEnd(rig.gateway, ask('hi', { sessionId: 's1' }));
    assert.deepEqual([run.state, run.error?.code], ['failed', 'STORE_UNAVAILABLE']);
    assert.ok((run.error?.retryAfter ?? 0) >= 1);
    assert.equal(events.filter(({ type }) => type === 'run.completed').length, 0);
    assert.ok(await isFree(rig.under.lanes, laneOf('alice', 's1')));
    rig.broken = {};
    assert.equal((await runToEnd(rig.gateway, ask('hi', { sessionId: 's1' }))).run.state, 'completed');
  });

  it('keep the failure that came first', async () => {
    rig.broken = { finishTurn: storeFails };
    rig.script = () => [text('half'), { fail: 'timeout' }];
    assert.equal((await runToEnd(rig.gateway, ask('hi'))).run.error?.code, 'PROVIDER_TIMEOUT');
  });

  it('say nothing of messages that were not kept', async () => {
    rig.broken = { finishTurn: storeFails };
    await runToEnd(rig.gateway, ask('hi'));
    assert.deepEqual(
      rig.under.told.filter(({ type }) => type === 'message'),
      [],
    );
  });

  it('are refused before a provider is asked when the session cannot be read, or the question not be stored', async () => {
    rig.broken = { loadTurn: storeFails };
    await assert.rejects(
      rig.gateway.runs.start(alice, ask('hi', { sessionId: 's1' }), { signal }),
      isError('STORE_UNAVAILABLE'),
    );
    rig.broken = { beginTurn: storeFails };
    const promised = ask('hi', { sessionId: 's1', resumable: true });
    await assert.rejects(rig.gateway.runs.start(alice, promised, { signal }), isError('STORE_UNAVAILABLE'));
    assert.equal(rig.provider.calls.length, 0);
    assert.equal(rig.gateway.runs.active(), 0);
    assert.ok(await isFree(rig.under.lanes, laneOf('alice', 's1')));
  });
});
