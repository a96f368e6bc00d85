import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import type { Run, RunEvent } from '../../src/core/run.ts';
import { laneOf } from '../../src/core/turn.ts';
import { createCountedAbort } from '../support/counted-signal.ts';
import { isFree } from '../support/free-lane.ts';
import { alice, ask } from '../support/make-gateway.ts';
import { finish, type Step, text, toolCall } from '../support/scripted-provider.ts';
import { useTurns } from '../support/use-turns.ts';

describe('a turn, whatever happens to it,', () => {
  const rig = useTurns();

  const batch = fc.constantFrom(text('a'), text('b', 'c'), toolCall('x'), text(''), []);
  const end = fc.constantFrom<Step | 'cut'>(
    finish,
    'cut',
    'hang',
    { fail: 'unavailable' },
    { fail: 'invalid_request' },
    { throw: new Error('odd') },
  );
  const script = fc.record({ batches: fc.array(batch, { maxLength: 3 }), end });
  const client = fc.record({ does: fc.constantFrom('stays', 'aborts', 'stops'), after: fc.nat(3) } as const);

  function toSteps({ batches, end: last }: { batches: Step[]; end: Step | 'cut' }, hangs: boolean): Step[] {
    if (last === 'cut') return batches;
    return [...batches, last === 'hang' && !hangs ? finish : last];
  }

  it('ends once, in order, in the store, and leaves nothing behind', async () => {
    const { gateway, lanes, store } = rig.under;
    await fc.assert(
      fc.asyncProperty(script, script, client, async (one, two, { does, after: leavesAfter }) => {
        rig.scripts = [toSteps(one, does === 'aborts'), toSteps(two, does === 'aborts')];
        const calls = rig.first.calls.length + rig.second.calls.length;
        const sessionId = rig.freshSession();
        const abort = createCountedAbort();
        const active = await gateway.runs.start(alice, ask('hi', { sessionId }), { signal: abort.signal });
        const events = await readAs(does, leavesAfter, active.events, abort);

        assertOrderly(events, does === 'stops');
        const stored = await store.getRun('alice', active.run.id);
        assert.ok(stored && stored.state !== 'running' && stored.endedAt !== undefined);
        assert.equal(stored.state === 'failed', stored.error !== undefined);
        const terminal = events.find(isTerminal);
        if (terminal) assertSame(stored, terminal.run);
        assert.equal(gateway.runs.active(), 0);
        assert.ok(await isFree(lanes, laneOf('alice', sessionId)));
        assert.equal(abort.listeners(), 0);
        assert.equal(rig.first.open() + rig.second.open(), 0);
        assert.ok(rig.first.calls.length + rig.second.calls.length - calls <= 2);
      }),
      { numRuns: 150 },
    );
  });
});

type Terminal = Extract<RunEvent, { type: 'run.completed' | 'run.failed' }>;

function isTerminal(event: RunEvent): event is Terminal {
  return event.type === 'run.completed' || event.type === 'run.failed';
}

/** Reads as a client does that stays, that aborts or that reads no further after so many batches. */
async function readAs(
  does: 'stays' | 'aborts' | 'stops',
  leavesAfter: number,
  batches: AsyncIterable<RunEvent[]>,
  abort: AbortController,
): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const reader = batches[Symbol.asyncIterator]();
  for (let read = 0; ; read += 1) {
    // Who has not begun to read cannot stop.
    if (does === 'stops' && read > leavesAfter) {
      await reader.return?.();
      return events;
    }
    const next = reader.next();
    if (does === 'aborts' && (read === leavesAfter || !(await isSoon(next)))) abort.abort();
    const { value, done } = await next;
    if (done) return events;
    events.push(...value);
  }
}

async function isSoon(work: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void work.finally(() => {
    settled = true;
  });
  for (let turn = 0; turn < 20 && !settled; turn += 1) await nextTurn();
  return settled;
}

function assertOrderly(events: readonly RunEvent[], mayLackItsEnd: boolean): void {
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, index) => index + 1),
  );
  if (events.length > 1) assert.equal(events[0]?.type, 'run.started');
  const terminal = events.filter(isTerminal);
  if (mayLackItsEnd && terminal.length === 0) return;
  assert.equal(terminal.length, 1);
  assert.equal(events.at(-1), terminal[0]);
}

function assertSame(stored: Run, told: Run): void {
  assert.deepEqual([stored.state, stored.error, stored.usage], [told.state, told.error, told.usage]);
  assert.deepEqual(stored.message?.parts, told.message?.parts);
}
