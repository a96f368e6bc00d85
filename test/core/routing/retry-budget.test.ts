import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createRetryBudget } from '../../../src/core/routing/retry-budget.ts';
import { HandClock } from '../../support/hand-clock.ts';

describe('a retry budget', () => {
  it('has three retries for nothing and one for every five first tries', () => {
    const clock = new HandClock();
    const budget = createRetryBudget(() => clock.now());
    const taken = () => {
      let count = 0;
      while (budget.takeRetry()) count += 1;
      return count;
    };
    assert.equal(taken(), 3);
    for (let count = 0; count < 100; count += 1) budget.firstTry();
    assert.equal(taken(), 20);
    clock.advance(10_200);
    assert.equal(taken(), 3, 'what lies further back than the window is forgotten');
  });

  it('never lets more through than a fifth of the first tries of its window and three', () => {
    const step = fc.oneof(
      fc.record({ does: fc.constant('first' as const) }),
      fc.record({ does: fc.constant('retry' as const) }),
      fc.record({ does: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 4000 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const clock = new HandClock();
        const budget = createRetryBudget(() => clock.now());
        const firsts: number[] = [];
        const retries: number[] = [];
        for (const next of steps) {
          if (next.does === 'wait') clock.advance(next.ms);
          else if (next.does === 'first') {
            budget.firstTry();
            firsts.push(clock.now());
          } else if (budget.takeRetry()) retries.push(clock.now());
          const inWindow = (times: number[], ms: number) => times.filter((at) => at > clock.now() - ms).length;
          // Slots are of 100 ms, so that what is counted reaches back a little further.
          assert.ok(inWindow(retries, 10_000) <= 3 + 0.2 * inWindow(firsts, 10_200));
        }
      }),
      { numRuns: 300 },
    );
  });
});
