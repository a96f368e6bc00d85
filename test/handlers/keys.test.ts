import assert from 'node:assert/strict';
import type { Input } from '../../src/handlers/handler.ts';
import { heard } from '../support/arbitrary-of-contract.ts';
import { isError } from '../support/is-error.ts';
import { nothing, useHandlers } from '../support/use-handlers.ts';

const newest = '2026-11-01';

describe('the handlers of keys', () => {
  const rig = useHandlers();

  const make = (body: Partial<Input<'createKey'>['body']>) =>
    rig.answer('createKey', { path: {}, query: {}, body: { name: 'n', user: 'u', scopes: ['chat'], ...body } });

  it('show the whole key once, and never its hash', async () => {
    const { body } = await make({});
    assert.ok(typeof body === 'object' && body !== null && 'key' in body && 'id' in body);
    const { key, id } = body;
    assert.ok(typeof key === 'string' && typeof id === 'string');
    assert.equal(rig.under.gateway.keys.authenticate(key).user, 'u');
    const path = { id };
    const seen = [
      await rig.answer('getKey', { path, query: {}, body: undefined }),
      await rig.answer('listKeys', nothing),
      await rig.answer('revokeKey', { path, query: {}, body: undefined }),
    ];
    assert.doesNotMatch(JSON.stringify(seen), new RegExp(`${key}|hash`));
  });

  /** All of them pass the contract's validator; JavaScript does not read them all. */
  const times: [expiresAt: string, want: number | 'refused'][] = [
    ['2099-01-01T00:00:00Z', Date.UTC(2099, 0, 1)],
    ['2099-01-01t00:00:00z', Date.UTC(2099, 0, 1)],
    ['2099-01-01T00:00:00.123456789Z', Date.UTC(2099, 0, 1) + 123],
    ['2099-01-01T01:00:00+01:00', Date.UTC(2099, 0, 1)],
    ['2099-01-01T01:00:00+01', 'refused'],
    ['2098-12-31T23:59:60Z', 'refused'],
    ['2000-01-01T00:00:00Z', 'refused'],
  ];
  for (const [expiresAt, want] of times) {
    it(`${want === 'refused' ? 'refuse' : 'make'} one that ends at ${expiresAt}`, async () => {
      assert.ok(heard[newest].requests.createKey?.body?.({ name: 'n', user: 'u', scopes: ['chat'], expiresAt }));
      if (want === 'refused') await assert.rejects(make({ expiresAt }), isError('INVALID_REQUEST', '/expiresAt'));
      else await make({ expiresAt });
      const stored = await rig.under.store.loadKeys();
      assert.deepEqual(
        stored.map((key) => key.expiresAt),
        want === 'refused' ? [] : [want],
      );
    });
  }

  it('rotate with grace, and without where none is asked for', async () => {
    const { body } = await make({});
    assert.ok(typeof body === 'object' && body !== null && 'key' in body && 'id' in body);
    const { key, id } = body;
    assert.ok(typeof key === 'string' && typeof id === 'string');
    await rig.answer('rotateKey', { path: { id }, query: {}, body: { graceSeconds: 60 } });
    rig.under.gateway.keys.authenticate(key);
    await rig.answer('rotateKey', { path: { id }, query: {}, body: undefined });
    assert.throws(() => rig.under.gateway.keys.authenticate(key), isError('UNAUTHORIZED'));
  });
});
