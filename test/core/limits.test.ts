import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { createMemoryLimiter } from '../../src/coordination/memory/limiter.ts';
import { GatewayError } from '../../src/core/errors.ts';
import { createLimits, type Limits } from '../../src/core/limits.ts';
import type { Principal } from '../../src/core/principal.ts';
import { systemClock } from '../../src/system/clock.ts';
import { alice, bob } from '../support/make-gateway.ts';

const three: Principal = { ...alice, limits: { requestsPerMinute: 3 } };
const unauthorized = new GatewayError('UNAUTHORIZED', 'Send a key.');

describe('limits', () => {
  let limits: Limits;
  beforeEach(() => {
    mock.timers.enable({ apis: ['Date', 'setTimeout'], now: Date.UTC(2026, 10, 22) });
    limits = createLimits(createMemoryLimiter(systemClock), () => systemClock.now(), { authFailuresPerMinute: 2 });
  });
  afterEach(() => mock.timers.reset());

  async function exhaust(): Promise<void> {
    for (let request = 0; request < 3; request += 1) assert.equal((await limits.admit(three)).refusal, undefined);
  }

  it('grant exactly 100 of 10,000 at once', async () => {
    const hundred = { ...alice, limits: { requestsPerMinute: 100 } };
    const all = await Promise.all(Array.from({ length: 10_000 }, () => limits.admit(hundred)));
    assert.equal(all.filter(({ refusal }) => !refusal).length, 100);
  });

  it('tell the state with every admission and every refusal', async () => {
    const resetAt = systemClock.now() + 60_000;
    for (const remaining of [2, 1, 0]) {
      const { limit, remaining: left, resetAt: end, refusal } = await limits.admit(three);
      assert.deepEqual([limit, left, end, refusal], [3, remaining, resetAt, undefined]);
    }
    const { refusal, ...state } = await limits.admit(three);
    assert.deepEqual(state, { limit: 3, remaining: 0, resetAt });
    assert.equal(refusal?.code, 'RATE_LIMITED');
  });

  const waits: [passed: number, retryAfter: number][] = [
    [0, 60],
    [1, 60],
    [999, 60],
    [1000, 59],
    [58_999, 2],
    [59_000, 1],
    [59_999, 1],
  ];
  for (const [passed, retryAfter] of waits) {
    it(`say to come back in ${retryAfter} s when ${passed} ms of the window are gone`, async () => {
      await exhaust();
      mock.timers.tick(passed);
      const { refusal } = await limits.admit(three);
      assert.equal(refusal?.retryAfter, retryAfter);
    });
  }

  it('end with the window', async () => {
    await exhaust();
    mock.timers.tick(60_000);
    await exhaust();
  });

  it('are one ledger for all that one account does, and another for each other account', async () => {
    await exhaust();
    // The same account by another way: a transport has nothing to tell the limits but the principal.
    assert.equal((await limits.stateOf({ ...three, credential: 'another secret of it' })).remaining, 0);
    assert.ok((await limits.admit({ ...three, credential: 'another secret of it' })).refusal);
    assert.equal((await limits.admit(bob)).refusal, undefined);
  });

  it('take nothing for a look', async () => {
    assert.equal((await limits.stateOf(three)).remaining, 3);
    assert.equal((await limits.stateOf(three)).remaining, 3);
  });

  it('refuse failing authentications of an address after so many, each address for itself', async () => {
    const codes: string[] = [];
    for (let failure = 0; failure < 4; failure += 1) {
      codes.push((await limits.failedAuthentication('192.0.2.1', unauthorized)).code);
    }
    assert.deepEqual(codes, ['UNAUTHORIZED', 'UNAUTHORIZED', 'RATE_LIMITED', 'RATE_LIMITED']);
    assert.equal((await limits.failedAuthentication('192.0.2.2', unauthorized)).code, 'UNAUTHORIZED');
    mock.timers.tick(60_000);
    assert.equal((await limits.failedAuthentication('192.0.2.1', unauthorized)).code, 'UNAUTHORIZED');
  });

  it('never refuse a valid key for what others fail at its address', async () => {
    for (let failure = 0; failure < 10; failure += 1) await limits.failedAuthentication('192.0.2.1', unauthorized);
    await exhaust();
  });
});
