import assert from 'node:assert/strict';
import type { NewKey } from '../../src/core/keys.ts';
import type { ModelLimits } from '../../src/core/principal.ts';
import { isError } from '../support/is-error.ts';
import { useKeys } from '../support/use-keys.ts';

const day = 24 * 60 * 60 * 1000;
const ofModel = (limits: ModelLimits): Partial<NewKey> => ({ limits: { models: { m: limits } } });
const budget = (amount: number, period: 'day' | 'month'): Partial<NewKey> => ({
  limits: { budget: { amount, period } },
});

describe('keys never widen:', () => {
  const rig = useKeys();

  const ends = Date.UTC(2026, 10, 22) + day;
  const cases: [name: string, maker: Partial<NewKey>, wanted: Partial<NewKey>, allowed: boolean][] = [
    ['the same', {}, {}, true],
    ['fewer scopes', { scopes: ['chat', 'sessions', 'keys'] }, { scopes: ['chat'] }, true],
    ['a scope it lacks', {}, { scopes: ['chat', 'sessions'] }, false],
    ['admin', {}, { scopes: ['admin'] }, false],
    ['every scope by admin', { scopes: ['admin'] }, { scopes: ['admin', 'usage'] }, true],
    ['another user', {}, { user: 'other' }, false],
    ['another user by admin', { scopes: ['admin'] }, { user: 'other' }, true],
    ['a lower limit', { limits: { requestsPerMinute: 10 } }, { limits: { requestsPerMinute: 9 } }, true],
    ['the same limit', { limits: { requestsPerMinute: 10 } }, { limits: { requestsPerMinute: 10 } }, true],
    ['a higher limit', { limits: { requestsPerMinute: 10 } }, { limits: { requestsPerMinute: 11 } }, false],
    ['no limit of its own', { limits: { requestsPerMinute: 10 } }, {}, false],
    ['no limit, like its maker', {}, {}, true],
    ['a limit below the configured one of its maker', {}, { limits: { requestsPerMinute: 60 } }, true],
    ['a limit above the configured one of its maker', {}, { limits: { requestsPerMinute: 61 } }, false],
    ['a higher limit by admin', { scopes: ['admin'] }, { limits: { requestsPerMinute: 1_000_000_000 } }, true],
    ['tokens below its own', { limits: { tokensPerMinute: 10 } }, { limits: { tokensPerMinute: 10 } }, true],
    ['more tokens', { limits: { tokensPerMinute: 10 } }, { limits: { tokensPerMinute: 11 } }, false],
    ['tokens without a limit', { limits: { tokensPerMinute: 10 } }, {}, false],
    ['a limit on tokens, having none', {}, { limits: { tokensPerMinute: 5 } }, true],
    ['more runs at once', { limits: { concurrentRuns: 1 } }, { limits: { concurrentRuns: 2 } }, false],
    ['fewer runs at once', { limits: { concurrentRuns: 2 } }, { limits: { concurrentRuns: 1 } }, true],
    ['more of a model', ofModel({ tokensPerMinute: 5 }), ofModel({ tokensPerMinute: 6 }), false],
    ['as much of a model', ofModel({ tokensPerMinute: 5 }), ofModel({ tokensPerMinute: 5 }), true],
    ['a model without its limit', ofModel({ requestsPerMinute: 5 }), {}, false],
    ['a limit for another model', {}, ofModel({ concurrentRuns: 1 }), true],
    ['no budget', budget(5, 'day'), {}, false],
    ['the same budget', budget(5, 'day'), budget(5, 'day'), true],
    ['a larger budget', budget(5, 'day'), budget(5.01, 'day'), false],
    ['a budget a month within one a day', budget(5, 'day'), budget(5, 'month'), true],
    ['a budget a day within one a month', budget(31, 'month'), budget(1, 'day'), true],
    ['a budget a day that goes beyond one a month', budget(30, 'month'), budget(1, 'day'), false],
    ['a larger budget by admin', { scopes: ['admin'], ...budget(1, 'day') }, budget(9, 'day'), true],
    ['fewer models', { models: ['a', 'b'] }, { models: ['b'] }, true],
    ['a model it may not use', { models: ['a', 'b'] }, { models: ['b', 'c'] }, false],
    ['all models', { models: ['a'] }, {}, false],
    ['some models of all', {}, { models: ['z'] }, true],
    ['all models by an admin of some', { scopes: ['admin'], models: ['a'] }, {}, false],
    ['an earlier end', { expiresAt: ends }, { expiresAt: ends - 1 }, true],
    ['the same end', { expiresAt: ends }, { expiresAt: ends }, true],
    ['a later end', { expiresAt: ends }, { expiresAt: ends + 1 }, false],
    ['no end', { expiresAt: ends }, {}, false],
    ['an end of its own', {}, { expiresAt: ends }, true],
    ['no end by an admin that has one', { scopes: ['admin'], expiresAt: ends }, {}, false],
  ];
  for (const [name, maker, wanted, allowed] of cases) {
    it(`${allowed ? 'makes' : 'refuses'} ${name}`, async () => {
      const by = rig.keys.authenticate((await rig.make(maker)).secret);
      const attempt = rig.make({ scopes: ['chat'], ...wanted }, by);
      if (allowed) await attempt;
      else await assert.rejects(attempt, isError('FORBIDDEN'));
      assert.equal(rig.keys.count(), allowed ? 2 : 1);
    });
  }

  it('rotates itself, and not a key of the same user that may do more', async () => {
    const small = await rig.make({ scopes: ['keys'] });
    const large = await rig.make({ scopes: ['keys', 'sessions'] });
    const by = rig.keys.authenticate(small.secret);
    await assert.rejects(rig.keys.rotate(by, large.id, 0), isError('FORBIDDEN'));
    const { secret } = await rig.keys.rotate(by, small.id, 0);
    assert.deepEqual(rig.keys.authenticate(secret).scopes, ['keys']);
  });

  it('rotates no key that may use more models, or lives longer', async () => {
    const plain = await rig.make();
    for (const less of [{ models: ['a'] }, { expiresAt: ends }]) {
      const by = rig.keys.authenticate((await rig.make(less)).secret);
      await assert.rejects(rig.keys.rotate(by, plain.id, 0), isError('FORBIDDEN'));
    }
  });

  it('is not confused by a rotation: a limited key stays limited', async () => {
    const { id, secret } = await rig.make({ limits: { requestsPerMinute: 5 }, models: ['a'], expiresAt: ends });
    const { secret: next } = await rig.keys.rotate(rig.keys.authenticate(secret), id, 0);
    const { limits, models } = rig.keys.authenticate(next);
    assert.deepEqual({ limits, models }, { limits: { requestsPerMinute: 5 }, models: ['a'] });
    rig.under.clock.advance(day);
    assert.throws(() => rig.keys.authenticate(next), isError('UNAUTHORIZED'));
  });
});
