import assert from 'node:assert/strict';
import type { IdempotencyClaim, Store } from '../../../src/core/ports/store.ts';
import type { StoreSite } from '../store.contract.ts';

const claim: IdempotencyClaim = { user: 'ann', operation: 'chat', key: 'k', fingerprint: 'f', expiresAt: 1000 };

export function describeIdempotency(makeSite: () => Promise<StoreSite>): void {
  describe('idempotency', () => {
    let site: StoreSite;
    let store: Store;

    beforeEach(async () => {
      site = await makeSite();
      store = await site.open();
    });
    afterEach(() => site.remove());

    const ask = (more: Partial<IdempotencyClaim> = {}, now = 0) => store.claimIdempotency({ ...claim, ...more }, now);
    const settle = (answer: string | null) => store.settleIdempotency('ann', 'chat', 'k', answer);

    it('goes from claimed through running to settled', async () => {
      assert.deepEqual(await ask(), { state: 'claimed' });
      assert.deepEqual(await ask(), { state: 'running' });
      await settle('the answer');
      assert.deepEqual(await ask(), { state: 'settled', answer: 'the answer' });
      assert.deepEqual(await ask(), { state: 'settled', answer: 'the answer' });
    });

    it('tells another request under the same key, running or settled', async () => {
      await ask();
      assert.deepEqual(await ask({ fingerprint: 'g' }), { state: 'mismatch' });
      await settle('the answer');
      assert.deepEqual(await ask({ fingerprint: 'g' }), { state: 'mismatch' });
    });

    it('keeps users, operations and keys apart', async () => {
      await ask();
      for (const other of [{ user: 'bob' }, { operation: 'keys' }, { key: 'K' }]) {
        assert.deepEqual(await ask(other), { state: 'claimed' });
      }
      await settle('the answer');
      assert.deepEqual(await ask({ user: 'bob' }), { state: 'running' });
    });

    it('gives the key to one of many who ask at once', async () => {
      const states = await Promise.all(Array.from({ length: 50 }, () => ask()));
      assert.deepEqual(states.map(({ state }) => state).sort(), ['claimed', ...Array(49).fill('running')]);
    });

    it('may be tried again when the claim was withdrawn', async () => {
      await ask();
      await settle(null);
      assert.deepEqual(await ask({ fingerprint: 'g' }), { state: 'claimed' });
    });

    it('keeps an answer that somebody withdraws too late', async () => {
      await ask();
      await settle('the answer');
      await settle(null);
      assert.deepEqual(await ask(), { state: 'settled', answer: 'the answer' });
    });

    it('forgets what has expired, to the millisecond', async () => {
      await ask();
      await settle('the answer');
      assert.deepEqual(await ask({}, 999), { state: 'settled', answer: 'the answer' });
      assert.deepEqual(await ask({ fingerprint: 'g', expiresAt: 2000 }, 1000), { state: 'claimed' });
      assert.deepEqual(await ask({ fingerprint: 'g' }, 1999), { state: 'running' });
      assert.deepEqual(await ask({}, 2000), { state: 'claimed' });
    });

    it('forgets many that have expired and none that has not', async () => {
      const claims = Array.from({ length: 100 }, (_, index) => ({ key: `k${index}`, expiresAt: 100 + (index % 2) }));
      await Promise.all(claims.map((one) => ask(one)));
      for (let round = 0; round < 10; round += 1) await ask({ key: `later ${round}` }, 100);
      const states = await Promise.all(claims.map((one) => ask({ ...one, expiresAt: 900 }, 100)));
      assert.deepEqual(
        states.map(({ state }) => state),
        claims.map(({ expiresAt }) => (expiresAt === 100 ? 'claimed' : 'running')),
      );
    });
  });
}
