import assert from 'node:assert/strict';
import type { Store } from '../../../src/core/ports/store.ts';
import { isError } from '../../support/is-error.ts';
import type { StoreSite } from '../store.contract.ts';
import { keyOf, promisedTurnOf, turnOf } from '../turns.ts';

const claim = { user: 'ann', operation: 'chat', key: 'k', fingerprint: 'f', expiresAt: 1_000_000 };

export function describeLife(makeSite: () => Promise<StoreSite>): void {
  describe('opening and closing', () => {
    let site: StoreSite;
    let store: Store;

    beforeEach(async () => {
      site = await makeSite();
      store = await site.open();
    });
    afterEach(() => site.remove());

    async function reopen(options: { now?: number; recover?: boolean } = {}): Promise<void> {
      await store.close();
      store = await site.open(options);
    }

    it('keeps everything', async () => {
      const turn = turnOf();
      await store.finishTurn(turn);
      await store.changeSession('ann', 'home', { action: 'rename', title: 'Rain' }, 7);
      await store.createKey(keyOf('key_1'));
      await store.claimIdempotency(claim, 0);
      await store.settleIdempotency('ann', 'chat', 'k', 'the answer');
      await reopen();
      const loaded = await store.loadTurn('ann', 'home', 20);
      assert.deepEqual(loaded?.history, [turn.question, turn.answer]);
      assert.equal(loaded?.session.title, 'Rain');
      assert.deepEqual(await store.getRun('ann', turn.run.id), turn.run);
      assert.deepEqual(await store.loadKeys(), [keyOf('key_1')]);
      assert.deepEqual(await store.claimIdempotency(claim, 0), { state: 'settled', answer: 'the answer' });
    });

    it('commits what was asked for before the end', async () => {
      const turns = Array.from({ length: 100 }, () => turnOf());
      const written = Promise.all(turns.map((turn) => store.finishTurn(turn)));
      await Promise.all([written, reopen()]);
      assert.equal((await store.getSession('ann', 'home'))?.messageCount, 200);
    });

    it('refuses everything after the end', async () => {
      await store.close();
      await assert.rejects(store.finishTurn(turnOf()), isError('STORE_UNAVAILABLE'));
      await assert.rejects(store.getSession('ann', 'home'), isError('STORE_UNAVAILABLE'));
      await assert.rejects(store.check(), isError('STORE_UNAVAILABLE'));
      await store.close();
    });

    it('is well while it can be written', async () => {
      await store.check();
    });

    it('ends what a crash left running, and nothing else', async () => {
      const cut = promisedTurnOf({ session: 'cut', at: 100 });
      const done = promisedTurnOf({ session: 'done', at: 100 });
      await store.beginTurn(cut.begin);
      await store.beginTurn(done.begin);
      await store.finishTurn(done.finish);
      await reopen({ now: 5000 });
      assert.deepEqual(await store.getRun('ann', cut.begin.run.id), {
        ...cut.begin.run,
        state: 'failed',
        error: {
          code: 'INTERRUPTED',
          message: 'The run was cut by a restart of the gateway.',
          retryable: true,
        },
        endedAt: 5000,
      });
      assert.deepEqual(await store.getRun('ann', done.begin.run.id), done.finish.run);
      assert.deepEqual((await store.loadTurn('ann', 'cut', 20))?.history, [cut.begin.question]);
    });

    it('lets a request be tried again whose claim a crash left', async () => {
      await store.claimIdempotency(claim, 0);
      await reopen();
      assert.deepEqual(await store.claimIdempotency(claim, 0), { state: 'claimed' });
    });

    it('leaves what is running to the gateway when it is opened beside it', async () => {
      const { begin, finish } = promisedTurnOf();
      await store.beginTurn(begin);
      await store.claimIdempotency(claim, 0);
      const beside = await site.open({ now: 5000, recover: false });
      assert.deepEqual(await beside.getRun('ann', begin.run.id), begin.run);
      assert.deepEqual(await beside.claimIdempotency(claim, 0), { state: 'running' });
      await beside.close();
      await store.finishTurn(finish);
      assert.deepEqual(await store.getRun('ann', begin.run.id), finish.run);
    });

    it('is shared by two at once', async () => {
      const beside = await site.open({ recover: false });
      const turns = Array.from({ length: 60 }, () => turnOf());
      await Promise.all(turns.map((turn, index) => (index % 2 ? beside : store).finishTurn(turn)));
      assert.equal((await store.getSession('ann', 'home'))?.messageCount, 120);
      assert.equal((await beside.getSession('ann', 'home'))?.messageCount, 120);
    });
  });
}
