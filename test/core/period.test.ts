import assert from 'node:assert/strict';
import { dayOf, periodAt } from '../../src/core/period.ts';

describe('a period', () => {
  const cases: ['day' | 'month', at: string, start: string, end: string][] = [
    ['day', '2026-11-10T00:00:00.000Z', '2026-11-10', '2026-11-11'],
    ['day', '2026-11-10T23:59:59.999Z', '2026-11-10', '2026-11-11'],
    ['month', '2026-11-01T00:00:00.000Z', '2026-11-01', '2026-12-01'],
    ['month', '2026-12-31T23:59:59.999Z', '2026-12-01', '2027-01-01'],
    ['month', '2028-02-29T12:00:00.000Z', '2028-02-01', '2028-03-01'],
  ];
  for (const [length, at, start, end] of cases) {
    it(`of a ${length} around ${at} goes from ${start} to ${end}`, () => {
      const period = periodAt(Date.parse(at), length);
      assert.deepEqual([period.start, period.end], [Date.parse(start), Date.parse(end)]);
      assert.equal(dayOf(period.start), start);
    });
  }
});
