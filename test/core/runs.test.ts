import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GatewayError } from '../../src/core/errors.ts';
import type { Store } from '../../src/core/ports/store.ts';
import type { RunEvent } from '../../src/core/run.ts';
import { laneOf } from '../../src/core/turn.ts';
import { createCountedAbort } from '../support/counted-signal.ts';
import { isFree } from '../support/free-lane.ts';
import { isError } from '../support/is-error.ts';
import { alice, ask, bob, type GatewayUnderTest, makeGateway, readAll, runToEnd } from '../support/make-gateway.ts';
import {
  createScriptedProvider,
  finish,
  type ScriptedProvider,
  type Step,
  text,
} from '../support/scripted-provider.ts';
import { until } from '../support/until.ts';

const signal = new AbortController().signal;
const page = { limit: 100 };

describe('runs', () => {
  let under: GatewayUnderTest;
  let provider: ScriptedProvider;
  let script: (index: number) => readonly Step[];
  /** Stands in for a method of the store for as long as a test wants. */
  let broken: Partial<Store>;

  beforeEach(async () => {
    script = () => [text('yes'), finish];
    broken = {};
    provider = createScriptedProvider((_, index) => script(index));
    under = await makeGateway({
      providers: [provider],
      around: (store) =>
        new Proxy(store, { get: (target, name) => Reflect.get(broken, name) ?? Reflect.get(target, name) }),
    });
  });
  afterEach(() => under.close());

  const fails = async () => {
    throw new GatewayError('STORE_UNAVAILABLE', 'disk full');
  };

  /** A step that waits to be let go. */
  function gate(): { step: Step; open(): void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    return { step: { wait: promise }, open: resolve };
  }

  describe('of one session', () => {
    it('go one after another, each with what the one before said', async () => {
      const gates = Array.from({ length: 4 }, gate);
      script = (index) => [gates[index]?.step ?? finish, text(`answer ${index}`), finish];
      const all = gates.map((_, index) => runToEnd(under.gateway, ask(`question ${index}`, { sessionId: 's1' })));
      for (const [index, { open }] of gates.entries()) {
        await until(() => provider.calls.length > index);
        await nextTurn();
        assert.equal(provider.calls.length, index + 1, 'the next one waits');
        assert.equal(provider.calls[index]?.call.messages.length, 2 * index + 1);
        open();
      }
      await Promise.all(all);
      const { items } = await under.gateway.sessions.messages(alice, 's1', page);
      assert.deepEqual(
        items.toReversed().map(({ parts: [part] }) => part?.type === 'text' && part.text),
        [0, 1, 2, 3].flatMap((index) => [`question ${index}`, `answer ${index}`]),
      );
    });

    it('go one after another from the moment its name is known, also where it is new', async () => {
      const held = gate();
      script = (index) => (index === 0 ? [text('first'), held.step, finish] : [text('second'), finish]);
      const active = await under.gateway.runs.start(alice, ask('one'), { signal });
      const reader = active.events[Symbol.asyncIterator]();
      const begun = (await reader.next()).value?.[0];
      assert.equal(begun?.type, 'run.started');
      const next = runToEnd(under.gateway, ask('two', { sessionId: active.run.sessionId }));
      for (let turn = 0; turn < 5; turn += 1) await nextTurn();
      assert.equal(provider.calls.length, 1);
      held.open();
      while (!(await reader.next()).done);
      await next;
      assert.equal(provider.calls[1]?.call.messages.length, 3);
    });

    it('do not wait for who left while waiting', async () => {
      const held = gate();
      script = (index) => (index === 0 ? [held.step, text('yes'), finish] : [text('yes'), finish]);
      const first = runToEnd(under.gateway, ask('one', { sessionId: 's1' }));
      const abort = createCountedAbort();
      const lost = under.gateway.runs.start(alice, ask('two', { sessionId: 's1' }), { signal: abort.signal });
      const third = runToEnd(under.gateway, ask('three', { sessionId: 's1' }));
      await until(() => provider.calls.length > 0);
      abort.abort(new GatewayError('CLIENT_CLOSED', 'gone'));
      await assert.rejects(lost, isError('CLIENT_CLOSED'));
      held.open();
      await Promise.all([first, third]);
      assert.deepEqual(provider.calls.length, 2);
      assert.equal(abort.listeners(), 0);
    });
  });

  it('of different sessions, and of different users, go side by side', async () => {
    const held = gate();
    script = () => [held.step, text('yes'), finish];
    const all = [
      runToEnd(under.gateway, ask('hi', { sessionId: 's1' })),
      runToEnd(under.gateway, ask('hi', { sessionId: 's2' })),
      runToEnd(under.gateway, ask('hi', { sessionId: 's1' }), bob),
      runToEnd(under.gateway, ask('hi')),
    ];
    await until(() => provider.calls.length === 4);
    assert.equal(under.gateway.runs.active(), 4);
    held.open();
    await Promise.all(all);
    assert.equal(under.gateway.runs.active(), 0);
  });

  it('that end leave nothing, a thousand aborted ones at every point either', async () => {
    const abort = createCountedAbort();
    script = (index) => [
      ...(index % 3 === 0 ? [] : [text('a')]),
      ...(index % 2 === 0 ? (['hang'] as const) : [text('b')]),
      'hang',
    ];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 1000 }, async (_, index) => {
        // Some share a session and wait for one another, some make their own.
        const session = index % 4 === 0 ? {} : { sessionId: `s${index % 250}` };
        const active = await under.gateway.runs.start(alice, ask('hi', session), { signal: abort.signal });
        const events = readAll(active.events);
        if (index === 999) for (let turn = 0; turn < 3; turn += 1) await nextTurn();
        if (index === 999) abort.abort();
        return events;
      }).concat(
        // Whoever was first may wait for a call that hangs: the long-lived signal ends them all.
        (async () => {
          await until(() => provider.calls.length >= 400);
          abort.abort();
          return [];
        })(),
      ),
    );
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') assert.notEqual(outcome.value.at(-1)?.type, 'run.completed');
    }
    assert.equal(under.gateway.runs.active(), 0);
    assert.equal(abort.listeners(), 0);
    assert.equal(provider.open(), 0);
    for (let lane = 0; lane < 250; lane += 1) assert.ok(await isFree(under.lanes, laneOf('alice', `s${lane}`)));
  });

  describe('whose store fails', () => {
    it('fail with STORE_UNAVAILABLE instead of completing', async () => {
      broken = { finishTurn: fails };
      const { run, events } = await runToEnd(under.gateway, ask('hi', { sessionId: 's1' }));
      assert.deepEqual([run.state, run.error?.code], ['failed', 'STORE_UNAVAILABLE']);
      assert.ok((run.error?.retryAfter ?? 0) >= 1);
      assert.equal(events.filter(({ type }) => type === 'run.completed').length, 0);
      assert.ok(await isFree(under.lanes, laneOf('alice', 's1')));
      broken = {};
      assert.equal((await runToEnd(under.gateway, ask('hi', { sessionId: 's1' }))).run.state, 'completed');
    });

    it('keep the failure that came first', async () => {
      broken = { finishTurn: fails };
      script = () => [text('half'), { fail: 'timeout' }];
      assert.equal((await runToEnd(under.gateway, ask('hi'))).run.error?.code, 'PROVIDER_TIMEOUT');
    });

    it('say nothing of messages that were not kept', async () => {
      broken = { finishTurn: fails };
      await runToEnd(under.gateway, ask('hi'));
      assert.deepEqual(
        under.told.filter(({ type }) => type === 'message'),
        [],
      );
    });

    it('are refused before a provider is asked when the session cannot be read, or the question not be stored', async () => {
      broken = { loadTurn: fails };
      await assert.rejects(
        under.gateway.runs.start(alice, ask('hi', { sessionId: 's1' }), { signal }),
        isError('STORE_UNAVAILABLE'),
      );
      broken = { beginTurn: fails };
      const promised = ask('hi', { sessionId: 's1', resumable: true });
      await assert.rejects(under.gateway.runs.start(alice, promised, { signal }), isError('STORE_UNAVAILABLE'));
      assert.equal(provider.calls.length, 0);
      assert.equal(under.gateway.runs.active(), 0);
      assert.ok(await isFree(under.lanes, laneOf('alice', 's1')));
    });
  });

  describe('that were promised', () => {
    const promised = ask('hi', { sessionId: 's1', resumable: true });

    it('store the question first, so that a crash leaves it', async () => {
      const held = gate();
      script = () => [held.step, text('yes'), finish];
      const { run, events, replayed } = await under.gateway.runs.start(alice, promised, { signal });
      assert.equal(replayed, false);
      assert.equal((await under.gateway.runs.get(alice, run.id)).state, 'running');
      assert.equal((await under.gateway.sessions.messages(alice, 's1', page)).items.length, 1);
      held.open();
      await readAll(events);
      assert.equal((await under.gateway.sessions.messages(alice, 's1', page)).items.length, 2);
    });

    it('go on when the client leaves, and are there to be read afterwards', async () => {
      const held = gate();
      script = () => [text('Hello'), held.step, text(' again'), finish];
      const abort = createCountedAbort();
      const { run, events } = await under.gateway.runs.start(alice, promised, { signal: abort.signal });
      for await (const _ of events) break;
      abort.abort();
      held.open();
      await until(() => under.gateway.runs.active() === 0);
      const ended = await under.gateway.runs.get(alice, run.id);
      assert.deepEqual([ended.state, ended.message?.parts], ['completed', [{ type: 'text', text: 'Hello again' }]]);
      assert.equal(abort.listeners(), 0);
      await assert.rejects(under.gateway.runs.get(bob, run.id), isError('NOT_FOUND'));
    });

    it('tell the same as any other run', async () => {
      const { events } = await runToEnd(under.gateway, promised);
      assert.deepEqual(
        events.map(({ type, seq }) => `${seq} ${type}`),
        ['1 run.started', '2 message.delta', '3 run.completed'],
      );
    });

    it('end with an event also when nothing can be stored any more', async () => {
      const { events } = await under.gateway.runs.start(alice, promised, {
        signal,
        idempotency: { key: 'k1', fingerprint: 'f1' },
      });
      broken = { finishTurn: fails, settleIdempotency: fails };
      const last = (await readAll(events)).at(-1);
      assert.ok(last?.type === 'run.failed');
      assert.equal(last.error.code, 'STORE_UNAVAILABLE');
      await until(() => under.gateway.runs.active() === 0);
    });

    it('are found interrupted after a crash, with their question', async () => {
      script = () => [text('Hel'), 'hang'];
      const { run, events } = await under.gateway.runs.start(alice, promised, { signal });
      for await (const _ of events) break;
      // Another gateway opens what this one, had it crashed, would have left.
      const after = await makeGateway({ directory: under.directory });
      const found = await after.gateway.runs.get(alice, run.id);
      assert.deepEqual([found.state, found.error?.code, found.error?.retryable], ['failed', 'INTERRUPTED', true]);
      assert.equal((await after.gateway.sessions.messages(alice, 's1', page)).items.length, 1);
      await after.close();
      const drained = under.gateway.drain(0);
      under.clock.advance(0);
      await drained;
    });
  });

  it('of others do not exist', async () => {
    const { run } = await runToEnd(under.gateway, ask('hi'));
    assert.equal((await under.gateway.runs.get(alice, run.id)).id, run.id);
    await assert.rejects(under.gateway.runs.get(bob, run.id), isError('NOT_FOUND'));
    await assert.rejects(under.gateway.runs.get(alice, 'run_none'), isError('NOT_FOUND'));
  });

  describe('with an Idempotency-Key', () => {
    const once = (key = 'k1', fingerprint = 'f1', request = ask('hi', { sessionId: 's1' })) =>
      under.gateway.runs.start(alice, request, { signal, idempotency: { key, fingerprint } });

    it('happen once, and are told again', async () => {
      script = () => [text('Hello'), text(' there'), finish];
      const first = await once();
      const told = await readAll(first.events);
      const again = await once();
      const retold = await readAll(again.events);
      assert.deepEqual([first.replayed, again.replayed], [false, true]);
      assert.equal(under.gateway.runs.active(), 0);
      assert.equal(provider.calls.length, 1);
      assert.equal(again.run.id, first.run.id);
      assert.deepEqual(
        retold.map(({ type, seq }) => `${seq} ${type}`),
        ['1 run.started', '2 message.delta', '3 run.completed'],
      );
      assert.equal(textIn(retold), textIn(told));
      assert.deepEqual(terminalOf(retold), terminalOf(told));
      assert.deepEqual(startOf(retold), startOf(told));
      assert.equal((await under.gateway.sessions.messages(alice, 's1', page)).items.length, 2);
    });

    it('tell tool calls again as they were', async () => {
      script = () => [
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
      script = () => [{ fail: 'unavailable' }];
      const told = await readAll((await once()).events);
      const again = await once();
      assert.deepEqual(await readAll(again.events), told);
      assert.equal(provider.calls.length, 1);
    });

    it('tell again how a run broke off', async () => {
      script = () => [text('half'), { fail: 'timeout' }];
      const told = await readAll((await once()).events);
      assert.deepEqual(await readAll((await once()).events), told);
    });

    it('are one run, of fifty at once', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 50 }, () => once().then(({ events }) => readAll(events))),
      );
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
      for (const outcome of outcomes) if (outcome.status === 'rejected') isError('CONFLICT')(outcome.reason);
      assert.equal(provider.calls.length, 1);
    });

    it('are refused for another request, for good', async () => {
      await readAll((await once()).events);
      await assert.rejects(once('k1', 'f2'), isError('IDEMPOTENCY_MISMATCH'));
      assert.equal((await once()).replayed, true);
    });

    it('conflict while the first one goes on, with when to come back', async () => {
      const held = gate();
      script = () => [held.step, text('yes'), finish];
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
      const other = await under.gateway.runs.start(bob, ask('hi'), {
        signal,
        idempotency: { key: 'k1', fingerprint: 'f1' },
      });
      assert.equal(other.replayed, false);
      await readAll(other.events);
    });

    it('may be tried again when nothing has begun', async () => {
      await assert.rejects(once('k1', 'f1', ask('hi', { model: 'nothing' })), isError('MODEL_NOT_FOUND'));
      broken = { beginTurn: fails };
      await assert.rejects(once(), isError('STORE_UNAVAILABLE'));
      broken = {};
      const active = await once();
      assert.equal(active.replayed, false);
      await readAll(active.events);
    });

    it('may be tried again when the client left before it began', async () => {
      const held = gate();
      script = (index) => [...(index === 0 ? [held.step] : []), text('yes'), finish];
      const first = runToEnd(under.gateway, ask('hi', { sessionId: 's1' }));
      const abort = new AbortController();
      const lost = under.gateway.runs.start(alice, ask('hi', { sessionId: 's1' }), {
        signal: abort.signal,
        idempotency: { key: 'k1', fingerprint: 'f1' },
      });
      await until(() => provider.calls.length === 1);
      for (let turn = 0; turn < 20; turn += 1) await nextTurn();
      abort.abort(new GatewayError('CLIENT_CLOSED', 'gone'));
      await assert.rejects(lost, isError('CLIENT_CLOSED'));
      held.open();
      await first;
      await readAll((await once()).events);
    });

    it('are forgotten after a day', async () => {
      await readAll((await once()).events);
      under.clock.advance(24 * 60 * 60 * 1000 - 1);
      assert.equal((await once()).replayed, true);
      under.clock.advance(1);
      const { replayed, events } = await once();
      assert.equal(replayed, false);
      await readAll(events);
    });
  });

  describe('of a gateway that drains', () => {
    it('are refused when they are new', async () => {
      await under.gateway.drain(1000);
      await assert.rejects(under.gateway.runs.start(alice, ask('hi'), { signal }), isError('SHUTTING_DOWN'));
      assert.equal(provider.calls.length, 0);
    });

    it('may end within the grace, and then nobody waits for it', async () => {
      const held = gate();
      script = (index) => [text('Hello'), ...(index === 0 ? [] : [held.step]), finish];
      await runToEnd(under.gateway, ask('an earlier one'));
      const running = runToEnd(under.gateway, ask('hi'));
      await until(() => provider.calls.length === 2);
      const timers = under.clock.pending;
      let isDrained = false;
      const drained = under.gateway.drain(20_000).then(() => {
        isDrained = true;
      });
      for (let turn = 0; turn < 5; turn += 1) await nextTurn();
      assert.equal(isDrained, false);
      held.open();
      assert.equal((await running).run.state, 'completed');
      await drained;
      assert.equal(under.clock.pending, timers);
    });

    it('are cut after the grace, with what they said', async () => {
      script = () => [text('Hello'), 'hang'];
      const owned = runToEnd(under.gateway, ask('hi', { sessionId: 's1' }));
      const kept = runToEnd(under.gateway, ask('hi', { sessionId: 's2', resumable: true }));
      await until(() => provider.calls.length === 2);
      const drained = under.gateway.drain(20_000);
      under.clock.advance(19_999);
      await nextTurn();
      assert.equal(under.gateway.runs.active(), 2);
      under.clock.advance(1);
      for (const { run } of await Promise.all([owned, kept])) {
        assert.deepEqual([run.state, run.error?.code], ['failed', 'INTERRUPTED']);
        assert.deepEqual(run.message?.parts, [{ type: 'text', text: 'Hello' }]);
      }
      await drained;
      assert.equal(under.gateway.runs.active(), 0);
    });

    it('begin no more once it has drained, also where they wait for a lane', async () => {
      script = () => [text('Hello'), 'hang'];
      const first = runToEnd(under.gateway, ask('one', { sessionId: 's1' }));
      const waiting = [
        runToEnd(under.gateway, ask('two', { sessionId: 's1' })),
        runToEnd(under.gateway, ask('three', { sessionId: 's1', resumable: true })),
      ];
      const outcomes = Promise.allSettled(waiting);
      await until(() => provider.calls.length === 1);
      const drained = under.gateway.drain(1000);
      under.clock.advance(1000);
      await drained;
      assert.equal((await first).run.error?.code, 'INTERRUPTED');
      for (const outcome of await outcomes) {
        assert.ok(outcome.status === 'rejected');
        isError('INTERRUPTED')(outcome.reason);
      }
      assert.equal(provider.calls.length, 1);
      assert.equal(under.gateway.runs.active(), 0);
    });

    it('are waited for from the moment they are asked for', async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const { loadTurn } = under.store;
      broken = {
        loadTurn: async (...given) => {
          await promise;
          return loadTurn(...given);
        },
      };
      const running = runToEnd(under.gateway, ask('hi', { sessionId: 's1' }));
      let isDrained = false;
      const drained = under.gateway.drain(1000).then(() => {
        isDrained = true;
      });
      for (let turn = 0; turn < 5; turn += 1) await nextTurn();
      assert.equal(isDrained, false);
      resolve();
      assert.equal((await running).run.state, 'completed');
      await drained;
    });
  });
});

function textIn(events: readonly RunEvent[]): string {
  return events.map((event) => (event.type === 'message.delta' ? event.text : '')).join('');
}

function startOf(events: readonly RunEvent[]): unknown {
  return events.find(({ type }) => type === 'run.started');
}

function terminalOf(events: readonly RunEvent[]): unknown {
  const last = events.at(-1);
  return last && { ...last, seq: 0 };
}
