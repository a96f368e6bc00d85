import assert from 'node:assert/strict';
import { isTimely, secondsOf } from '../../../src/channels/wire/timestamp.ts';

const now = 1_700_000_000_500;

describe('the time of a signature', () => {
  for (const [seconds, timely] of [
    ['1700000000', true],
    ['1700000300', true],
    ['1700000301', false],
    ['1699999701', true],
    ['1699999700', false],
    ['0', false],
  ] as const) {
    it(`${seconds} is ${timely ? '' : 'not '}near enough`, () => assert.equal(isTimely(seconds, now), timely));
  }

  for (const spelling of [
    '1700000000.0',
    '+1700000000',
    ' 1700000000',
    '1700000000 ',
    '1.7e9',
    '0x6553F100',
    '-0',
    '',
    '１７００００００００',
    '0001700000000000',
  ]) {
    it(`${JSON.stringify(spelling)} is no time`, () => assert.equal(isTimely(spelling, now), false));
  }

  it('is written as it is read', () => assert.equal(secondsOf(now), '1700000000'));
});
