import assert from 'node:assert/strict';
import { retryAfterMs, shouldRetry } from '../../../src/providers/wire/retry-after.ts';

const now = Date.UTC(2026, 10, 22, 12, 0, 0);

describe('retry-after', () => {
  for (const [headers, want] of [
    [{}, undefined],
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': ['3', '9'] }, 3000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 12:00:07 GMT' }, 7000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after-ms': '250', 'retry-after': '2' }, 250],
    [{ 'retry-after-ms': 'x', 'retry-after': '2' }, 2000],
  ] as [Record<string, string | string[]>, number | undefined][])
    it(`${JSON.stringify(headers)} is ${want}`, () => {
      assert.equal(retryAfterMs(headers, now), want);
    });

  for (const [value, want] of [
    ['true', true],
    ['false', false],
    ['maybe', undefined],
  ] as const)
    it(`x-should-retry: ${value} is ${want}`, () => {
      assert.equal(shouldRetry({ 'x-should-retry': value }), want);
    });
});
