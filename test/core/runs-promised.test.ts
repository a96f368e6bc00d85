import assert from 'node:assert/strict';
import { createCountedAbort } from '../support/counted-signal.ts';
import { isError } from '../support/is-error.ts';
import { alice, ask, bob, makeGateway, readAll, runToEnd } from '../support/make-gateway.ts';
import { finish, gate, text } from '../support/scripted-provider.ts';
import { until } from '../support/until.ts';
import { storeFails, useRuns } from '../support/use-runs.ts';

const signal = new AbortController().signal;
const page = { limit: 100 };

describe('runs that were promised', () => {
  const rig = useRuns();

  const promised = ask('hi', { sessionId: 's1', resumable: true });

  it('store the question first, so that a crash leaves it', async () => {
    const held = gate();
    rig.script = () => [held.step, text('yes'), finish];
    const { run, events, replayed } = await rig.gateway.runs.start(alice, promised, { signal });
    assert.equal(replayed, false);
    assert.equal((await rig.gateway.runs.get(alice, run.id)).state, 'running');
    assert.equal((await rig.gateway.sessions.messages(alice, 's1', page)).items.length, 1);
    held.open();
    await readAll(events);
    assert.equal((await rig.gateway.sessions.messages(alice, 's1', page)).items.length, 2);
  });

  it('go on when the client leaves, and are there to be read afterwards', async () => {
    const held = gate();
    rig.script = () => [text('Hello'), held.step, text(' again'), finish];
    const abort = createCountedAbort();
    const { run, events } = await rig.gateway.runs.start(alice, promised, { signal: abort.signal });
    for await (const _ of events) break;
    abort.abort();
    held.open();
    await until(() => rig.gateway.runs.active() === 0);
    const ended = await rig.gateway.runs.get(alice, run.id);
    assert.deepEqual([ended.state, ended.message?.parts], ['completed', [{ type: 'text', text: 'Hello again' }]]);
    assert.equal(abort.listeners(), 0);
    await assert.rejects(rig.gateway.runs.get(bob, run.id), isError('NOT_FOUND'));
  });

  it('tell the same as any other run', async () => {
    const { events } = await runToEnd(rig.gateway, promised);
    assert.deepEqual(
      events.map(({ type, seq }) => `${seq} ${type}`),
      ['1 run.started', '2 message.delta', '3 run.completed'],
    );
  });

  it('end with an event also when nothing can be stored any more', async () => {
    const { events } = await rig.gateway.runs.start(alice, promised, {
      signal,
      idempotency: { key: 'k1', fingerprint: 'f1' },
    });
    rig.broken = { finishTurn: storeFails, settleIdempotency: storeFails };
    const last = (await readAll(events)).at(-1);
    assert.ok(last?.type === 'run.failed');
    assert.equal(last.error.code, 'STORE_UNAVAILABLE');
    await until(() => rig.gateway.runs.active() === 0);
  });

  it('are found interrupted after a crash, with their question', async () => {
    rig.script = () => [text('Hel'), 'hang'];
    const { run, events } = await rig.gateway.runs.start(alice, promised, { signal });
    for await (const _ of events) break;
    // Another gateway opens what this one, had it crashed, would have left.
    const after = await makeGateway({ directory: rig.under.directory });
    const found = await after.gateway.runs.get(alice, run.id);
    assert.deepEqual([found.state, found.error?.code, found.error?.retryable], ['failed', 'INTERRUPTED', true]);
    assert.equal((await after.gateway.sessions.messages(alice, 's1', page)).items.length, 1);
    await after.close();
    const drained = rig.gateway.drain(0);
    rig.under.clock.advance(0);
    await drained;
  });
});
