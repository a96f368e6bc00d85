import assert from 'node:assert/strict';
import { type Breaker, createBreaker } from '../../../src/core/routing/breaker.ts';
import { HandClock } from '../../support/hand-clock.ts';

describe('a breaker', () => {
  let clock: HandClock;
  let breaker: Breaker;
  beforeEach(() => {
    clock = new HandClock();
    breaker = createBreaker(() => clock.now());
  });

  function fail(times: number): void {
    for (let count = 0; count < times; count += 1) {
      assert.ok(breaker.enter());
      breaker.failed();
    }
  }

  it('opens with the fifth failure in a row, and not before', () => {
    fail(4);
    assert.equal(breaker.state, 'closed');
    breaker.succeeded();
    fail(4);
    assert.equal(breaker.state, 'closed');
    fail(1);
    assert.equal(breaker.state, 'open');
    assert.equal(breaker.enter(), false);
    assert.equal(breaker.waitMs(), 30_000);
  });

  it('lets one probe through after its time, and all when that succeeds', () => {
    fail(5);
    clock.advance(29_999);
    assert.equal(breaker.enter(), false);
    clock.advance(1);
    assert.equal(breaker.state, 'half-open');
    assert.equal(breaker.enter(), true);
    assert.equal(breaker.enter(), false, 'one probe');
    assert.ok(breaker.waitMs() > 0);
    breaker.succeeded();
    assert.equal(breaker.state, 'closed');
    assert.equal(breaker.enter(), true);
  });

  it('stays away for longer with each failed probe, but not for ever', () => {
    fail(5);
    const waits: number[] = [];
    for (let probe = 0; probe < 12; probe += 1) {
      clock.advance(breaker.waitMs());
      fail(1);
      waits.push(breaker.waitMs() / 1000);
    }
    assert.deepEqual(waits, [60, 90, 120, 150, 180, 210, 240, 270, 300, 300, 300, 300]);
  });

  it('gives the probe to another when its client left', () => {
    fail(5);
    clock.advance(30_000);
    assert.ok(breaker.enter());
    breaker.abandoned();
    assert.ok(breaker.enter());
  });

  it('is not opened further by what was under way when it opened', () => {
    for (let count = 0; count < 8; count += 1) assert.ok(breaker.enter());
    for (let count = 0; count < 8; count += 1) breaker.failed();
    assert.equal(breaker.waitMs(), 30_000);
  });
});
