import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { Store, StoredKey } from '../../../src/core/ports/store.ts';
import { isError } from '../../support/is-error.ts';
import type { StoreSite } from '../store.contract.ts';
import { keyOf, turnOf } from '../turns.ts';

const keys: StoredKey[] = [
  keyOf('key_1'),
  keyOf('key_2', {
    user: 'bob',
    scopes: ['chat', 'sessions', 'admin'],
    limits: {
      requestsPerMinute: 1_000_000_000,
      tokensPerMinute: 5000,
      concurrentRuns: 3,
      models: { small: { tokensPerMinute: 10 }, large: { requestsPerMinute: 1, concurrentRuns: 1 } },
      budget: { amount: 0.25, period: 'month' },
    },
    models: ['small', 'large'],
    apiVersion: '2026-03-01',
    hashes: [{ hash: 'new' }, { hash: 'old', expiresAt: 60 }],
    createdAt: 7,
    expiresAt: 90,
    revokedAt: 80,
  }),
  keyOf('key_3', { models: [], hashes: [], createdAt: 9, limits: { concurrentRuns: 1 } }),
];

export function describeKeys(makeSite: () => Promise<StoreSite>): void {
  describe('keys', () => {
    let site: StoreSite;
    let store: Store;

    beforeEach(async () => {
      site = await makeSite();
      store = await site.open();
    });
    afterEach(() => site.remove());

    it('come back as they were made', async () => {
      await Promise.all(keys.map((key) => store.createKey(key)));
      assert.deepEqual(await store.loadKeys(), keys);
    });

    it('change in what is named and in nothing else', async () => {
      for (const key of keys) await store.createKey(key);
      assert.equal(await store.updateKey('key_1', { revokedAt: 50 }), true);
      assert.equal(await store.updateKey('key_3', { prefix: 'oc_x', hashes: [{ hash: 'h', expiresAt: 3 }] }), true);
      assert.deepEqual(await store.loadKeys(), [
        { ...keys[0], revokedAt: 50 },
        keys[1],
        { ...keys[2], prefix: 'oc_x', hashes: [{ hash: 'h', expiresAt: 3 }] },
      ]);
    });

    it('say when there is none to change', async () => {
      assert.equal(await store.updateKey('key_9', { revokedAt: 50 }), false);
    });

    it('are not made twice under one id', async () => {
      await store.createKey(keyOf('key_1'));
      await assert.rejects(store.createKey(keyOf('key_1', { name: 'other' })), isError('CONFLICT'));
      assert.deepEqual(await store.loadKeys(), [keyOf('key_1')]);
    });

    it('are noticed within 500 ms when another process makes or changes them', async () => {
      const other = await site.open({ recover: false });
      const changes = new EventEmitter();
      const end = store.watchKeys(() => changes.emit('change'));
      for (const change of [() => other.createKey(keyOf('key_1')), () => other.updateKey('key_1', { revokedAt: 50 })]) {
        const noticed = once(changes, 'change', { signal: AbortSignal.timeout(500) });
        await change();
        await noticed;
      }
      assert.deepEqual(await store.loadKeys(), [keyOf('key_1', { revokedAt: 50 })]);
      end();
    });

    it('are not said to have changed when something else did, or after the watch ended', async () => {
      const other = await site.open({ recover: false });
      let told = 0;
      const watched = new EventEmitter();
      const end = store.watchKeys(() => {
        told += 1;
      });
      const stay = store.watchKeys(() => watched.emit('change'));
      await other.finishTurn(turnOf());
      end();
      const noticed = once(watched, 'change', { signal: AbortSignal.timeout(500) });
      await other.createKey(keyOf('key_1'));
      await noticed;
      assert.equal(told, 0);
      stay();
    });
  });
}
