import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { createMemoryLanes } from '../../../src/coordination/memory/lanes.ts';
import { createCountedAbort } from '../../support/counted-signal.ts';
import { isFree } from '../../support/free-lane.ts';

const never = new AbortController().signal;

describe('lanes', () => {
  it('let one in at a time, in the order they came, and nobody who gave up', async () => {
    const visitor = fc.record({
      lane: fc.constantFrom('a', 'b', 'c'),
      givesUp: fc.boolean(),
      leavesTwice: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(visitor, { minLength: 1, maxLength: 12 }),
        fc.scheduler(),
        async (visitors, schedule) => {
          const lanes = createMemoryLanes();
          const entered: Record<string, number[]> = { a: [], b: [], c: [] };
          const gaveUp = new Set<number>();
          const inside = new Set<string>();

          const visits = visitors.map(async ({ lane, givesUp, leavesTwice }, number) => {
            const abort = new AbortController();
            if (givesUp) void schedule.schedule(Promise.resolve(), `give up ${number}`).then(() => abort.abort(number));
            let leave: () => void;
            try {
              leave = await lanes.enter(lane, abort.signal);
            } catch (reason) {
              assert.equal(reason, number, 'who waits gets the reason of its own signal');
              gaveUp.add(number);
              return;
            }
            assert.ok(!inside.has(lane), 'two in one lane');
            inside.add(lane);
            entered[lane]?.push(number);
            await schedule.schedule(Promise.resolve(), `leave ${number}`);
            inside.delete(lane);
            leave();
            if (leavesTwice) leave();
          });
          await schedule.waitFor(Promise.all(visits));

          for (const [lane, order] of Object.entries(entered)) {
            const came = visitors.flatMap((visitor, number) =>
              visitor.lane === lane && !gaveUp.has(number) ? [number] : [],
            );
            assert.deepEqual(order, came);
            assert.ok(await isFree(lanes, lane));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('do not wait for one another', async () => {
    const lanes = createMemoryLanes();
    await lanes.enter('a', never);
    assert.ok(await isFree(lanes, 'b'));
    assert.ok(!(await isFree(lanes, 'a')));
  });

  it('refuse a signal that has aborted, even where the lane is free', async () => {
    const lanes = createMemoryLanes();
    await assert.rejects(lanes.enter('a', AbortSignal.abort(new Error('gone'))), /gone/);
    assert.ok(await isFree(lanes, 'a'));
  });

  it('give up one place and keep the others in order', async () => {
    const lanes = createMemoryLanes();
    const order: string[] = [];
    const leave = await lanes.enter('a', never);
    const abort = new AbortController();
    const lost = lanes.enter('a', abort.signal);
    const next = lanes.enter('a', never).then((leaveNext) => {
      order.push('next');
      leaveNext();
    });
    abort.abort(new Error('gone'));
    await assert.rejects(lost, /gone/);
    await nextTurn();
    assert.deepEqual(order, []);
    leave();
    await next;
    assert.deepEqual(order, ['next']);
  });

  it('leave no listener on a signal that lives on', async () => {
    const lanes = createMemoryLanes();
    const abort = createCountedAbort();
    for (let visit = 0; visit < 50; visit += 1) {
      const leave = await lanes.enter('a', abort.signal);
      const waiting = lanes.enter('a', abort.signal);
      leave();
      (await waiting)();
    }
    assert.equal(abort.listeners(), 0);
  });
});
