import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GatewayError } from '../../src/core/errors.ts';
import type { RunEvent } from '../../src/core/run.ts';
import { isError } from '../support/is-error.ts';
import { alice, ask, bob, readAll, runToEnd, textIn } from '../support/make-gateway.ts';
import { finish, gate, text } from '../support/scripted-provider.ts';
import { until } from '../support/until.ts';
import { storeFails, useRuns } from '../support/use-runs.ts';

const signal = new AbortController().signal;
const page = { limit: 100 };

describe('runs with an Idempotency-Key', () => {
  const rig = useRuns();

  const once = (key = 'k1', fingerprint = 'f1', request = ask('hi', { sessionId: 's1' })) =>
    rig.gateway.runs.start(alice, request, { signal, idempotency: { key, fingerprint } });

  it('happen once, and are told again', async () => {
    rig.script = () => [text('Hello'), text(' there'), finish];
    const first = await once();
    const told = await readAll(first.events);
    const again = await once();
    const retold = await readAll(again.events);
    assert.deepEqual([first.replayed, again.replayed], [false, true]);
    assert.equal(rig.gateway.runs.active(), 0);
    assert.equal(rig.provider.calls.length, 1);
    assert.equal(again.run.id, first.run.id);
    assert.deepEqual(
      retold.map(({ type, seq }) => `${seq} ${type}`),
      ['1 run.started', '2 message.delta', '3 run.completed'],
    );
    assert.equal(textIn(retold), textIn(told));
    assert.deepEqual(terminalOf(retold), terminalOf(told));
    assert.deepEqual(startOf(retold), startOf(told));
    assert.equal((await rig.gateway.sessions.messages(alice, 's1', page)).items.length, 2);
  });

  it('tell tool calls again as they were', async () => {
    rig.script = () => [
      text('Let me see.'),
      [{ type: 'tool_call', index: 0, id: 'x', name: 'look', arguments: '{}' }],
      [{ type: 'tool_call', index: 1, id: 'y', name: 'find', arguments: '{}' }],
      [{ type: 'finish', reason: 'tool_calls' }],
    ];
    const told = await readAll((await once()).events);
    const retold = await readAll((await once()).events);
    assert.deepEqual(retold.slice(0, -1), told.slice(0, -1));
  });

  it('tell a failure again, as it was', async () => {
    rig.script = () => [{ fail: 'unavailable' }];
    const told = await readAll((await once()).events);
    const again = await once();
    assert.deepEqual(await readAll(again.events), told);
    assert.equal(rig.provider.calls.length, 1);
  });

  it('tell again how a run broke off', async () => {
    rig.script = () => [text('half'), { fail: 'timeout' }];
    const told = await readAll((await once()).events);
    assert.deepEqual(await readAll((await once()).events), told);
  });

  it('are one run, of fifty at once', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, () => once().then(({ events }) => readAll(events))),
    );
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const outcome of outcomes) if (outcome.status === 'rejected') isError('CONFLICT')(outcome.reason);
    assert.equal(rig.provider.calls.length, 1);
  });

  it('are refused for another request, for good', async () => {
    await readAll((await once()).events);
    await assert.rejects(once('k1', 'f2'), isError('IDEMPOTENCY_MISMATCH'));
    assert.equal((await once()).replayed, true);
  });

  it('conflict while the first one goes on, with when to come back', async () => {
    const held = gate();
    rig.script = () => [held.step, text('yes'), finish];
    const { events } = await once();
    await assert.rejects(
      once(),
      (error: unknown) => isError('CONFLICT')(error) && error instanceof GatewayError && error.retryAfter === 1,
    );
    await assert.rejects(once('k1', 'f2'), isError('IDEMPOTENCY_MISMATCH'));
    held.open();
    await readAll(events);
    assert.equal((await once()).replayed, true);
  });

  it('are each user’s own', async () => {
    await readAll((await once()).events);
    const other = await rig.gateway.runs.start(bob, ask('hi'), {
      signal,
      idempotency: { key: 'k1', fingerprint: 'f1' },
    });
    assert.equal(other.replayed, false);
    await readAll(other.events);
  });

  it('may be tried again when nothing has begun', async () => {
    await assert.rejects(once('k1', 'f1', ask('hi', { model: 'nothing' })), isError('MODEL_NOT_FOUND'));
    rig.broken = { beginTurn: storeFails };
    await assert.rejects(once(), isError('STORE_UNAVAILABLE'));
    rig.broken = {};
    const active = await once();
    assert.equal(active.replayed, false);
    await readAll(active.events);
  });

  it('may be tried again when the client left before it began', async () => {
    const held = gate();
    rig.script = (index) => [...(index === 0 ? [held.step] : []), text('yes'), finish];
    const first = runToEnd(rig.gateway, ask('hi', { sessionId: 's1' }));
    const abort = new AbortController();
    const lost = rig.gateway.runs.start(alice, ask('hi', { sessionId: 's1' }), {
      signal: abort.signal,
      idempotency: { key: 'k1', fingerprint: 'f1' },
    });
    await until(() => rig.provider.calls.length === 1);
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    abort.abort(new GatewayError('CLIENT_CLOSED', 'gone'));
    await assert.rejects(lost, isError('CLIENT_CLOSED'));
    held.open();
    await first;
    await readAll((await once()).events);
  });

  it('are forgotten after a day', async () => {
    await readAll((await once()).events);
    rig.under.clock.advance(24 * 60 * 60 * 1000 - 1);
    assert.equal((await once()).replayed, true);
    rig.under.clock.advance(1);
    const { replayed, events } = await once();
    assert.equal(replayed, false);
    await readAll(events);
  });
});

function startOf(events: readonly RunEvent[]): unknown {
  return events.find(({ type }) => type === 'run.started');
}

function terminalOf(events: readonly RunEvent[]): unknown {
  const last = events.at(-1);
  return last && { ...last, seq: 0 };
}
