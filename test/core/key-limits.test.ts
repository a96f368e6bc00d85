import assert from 'node:assert/strict';
import { limitsOf } from '../../src/core/key-limits.ts';
import { useKeys } from '../support/use-keys.ts';

describe('limits of a key', () => {
  const defaults = {
    requestsPerMinute: 100,
    tokensPerMinute: 1000,
    models: { a: { concurrentRuns: 1 }, b: { tokensPerMinute: 5 } },
    budget: { amount: 1, period: 'day' },
  } as const;

  it('are the configured ones', () => assert.deepEqual(limitsOf({}, defaults), defaults));

  it('go before the configured ones, model by model', () => {
    const own = { tokensPerMinute: 7, models: { b: {}, c: { concurrentRuns: 2 } } };
    assert.deepEqual(limitsOf(own, defaults), {
      ...defaults,
      tokensPerMinute: 7,
      models: { a: { concurrentRuns: 1 }, b: {}, c: { concurrentRuns: 2 } },
    });
  });

  it('have no models where nobody names one', () => {
    assert.deepEqual(limitsOf({ concurrentRuns: 1 }, { requestsPerMinute: 5 }), {
      requestsPerMinute: 5,
      concurrentRuns: 1,
    });
  });

  const rig = useKeys();
  it('are with whoever uses the key', async () => {
    const limits = { tokensPerMinute: 5, concurrentRuns: 2, models: { m: { requestsPerMinute: 3 } } };
    const { secret } = await rig.make({ limits });
    assert.deepEqual(rig.keys.authenticate(secret).limits, { requestsPerMinute: 60, ...limits });
  });
});
