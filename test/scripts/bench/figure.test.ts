import assert from 'node:assert/strict';
import { type Bound, type Figure, judge } from '../../../scripts/bench/figure.ts';
import { median } from '../../../scripts/bench/rounds.ts';

const seconds: Bound = { on: 'ours', better: 'lower', must: 0.5, goal: 0.3, floorThen: 0.2 };
const share: Bound = { on: 'ratio', better: 'higher', must: 0.6, goal: 0.75 };

/** What a round gave is given thrice, once with an outlier beside it. */
function figureOf(ours: number, ratio: number, bound: Bound | undefined): Figure {
  return {
    name: 'a figure',
    unit: 's',
    ours: [ours, ours, 99],
    ratio: [ratio, ratio, 99],
    ...(bound ? { bound } : {}),
  };
}

describe('a figure of the bench', () => {
  const { floorThen: _, ...onThisMachine } = seconds;
  for (const [title, ours, ratio, bound, verdict] of [
    ['without a bound is judged by nobody', 0.3, 1, undefined, ''],
    ['at its goal has reached it', 0.3, 9, seconds, 'goal'],
    ['at its bound has reached that', 0.5, 9, seconds, 'must'],
    ['above it, and no more times its floor than the bound was, has reached it as a ratio', 0.9, 2.5, seconds, 'ratio'],
    ['above it, and more times its floor than the bound was, has missed it', 0.51, 2.6, seconds, 'MISSED'],
    ['that has no floor to stand beside has missed it', 0.51, 1, onThisMachine, 'MISSED'],
    ['that is a ratio has its goal', 9, 0.75, share, 'goal'],
    ['that is a ratio has its bound', 9, 0.6, share, 'must'],
    ['that is a ratio has missed it', 0.1, 0.59, share, 'MISSED'],
  ] as const) {
    it(title, () => assert.equal(judge(figureOf(ours, ratio, bound), median), verdict));
  }
});
