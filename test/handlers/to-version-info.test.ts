import assert from 'node:assert/strict';
import type { ApiVersionEntry } from '../../generated/operations.ts';
import { toVersionInfo } from '../../src/handlers/to-version-info.ts';

describe('what is told of a version', () => {
  const older = { date: '2026-03-01', family: 'v1' } as const;
  const newest = { date: '2026-11-01', family: 'v2' } as const;
  const tell = (entry: ApiVersionEntry, now: string) => toVersionInfo(entry, [entry, newest], Date.parse(now));

  it('is which one is the newest and which one the default', () => {
    assert.deepEqual(toVersionInfo(newest, [older, newest], 0), {
      version: '2026-11-01',
      family: 'v2',
      state: 'current',
      default: false,
    });
    assert.deepEqual(tell(older, '2027-01-01'), {
      version: '2026-03-01',
      family: 'v1',
      state: 'supported',
      default: true,
    });
  });

  const ending = { ...older, deprecated: '2026-12-01', sunset: '2027-06-01' };
  const states: [now: string, state: string][] = [
    ['2026-11-02', 'deprecated'],
    ['2027-05-31T23:59:59.999Z', 'deprecated'],
    ['2027-06-01', 'retired'],
    ['2030-01-01', 'retired'],
  ];
  for (const [now, state] of states) {
    it(`is that it is ${state} on ${now}, and since and until when`, () => {
      const told = tell(ending, now);
      assert.deepEqual(
        [told.state, told.deprecatedAt, told.sunsetAt],
        [state, '2026-12-01T00:00:00Z', '2027-06-01T00:00:00Z'],
      );
    });
  }

  it('is no end where none is planned', () => {
    assert.equal(tell({ ...older, deprecated: '2026-12-01' }, '2030-01-01').state, 'deprecated');
  });
});
