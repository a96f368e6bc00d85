import assert from 'node:assert/strict';
import { closeSync, openSync, statSync, unlinkSync } from 'node:fs';
import type { Store } from '../../../src/core/ports/store.ts';
import { isError } from '../../support/is-error.ts';
import { makeSqliteSite, type SqliteSite } from '../sqlite-site.ts';
import { keyOf, promisedTurnOf, turnOf } from '../turns.ts';
import { startChild } from './child.ts';

const claim = { user: 'ann', operation: 'chat', key: 'k', fingerprint: 'f', expiresAt: 1000 };
const { begin, finish } = promisedTurnOf({ session: 'promised' });

/** Which writes answer only when the disk has them. */
const writes: { name: string; durable: boolean; write(store: Store): Promise<unknown> }[] = [
  { name: 'a plain turn', durable: false, write: (store) => store.finishTurn(turnOf()) },
  { name: 'the end of a promised turn', durable: true, write: (store) => store.finishTurn(finish) },
  { name: 'the begin of a promised turn', durable: true, write: (store) => store.beginTurn(promisedTurnOf().begin) },
  {
    name: 'a change of a session',
    durable: false,
    write: (store) => store.changeSession('ann', 'promised', { action: 'close' }, 1),
  },
  { name: 'a new key', durable: true, write: (store) => store.createKey(keyOf('key_2')) },
  { name: 'a changed key', durable: true, write: (store) => store.updateKey('key_1', { revokedAt: 1 }) },
  { name: 'a claim', durable: true, write: (store) => store.claimIdempotency(claim, 0) },
  { name: 'a settled claim', durable: true, write: (store) => store.settleIdempotency('ann', 'chat', 'k', 'x') },
  { name: 'a check', durable: true, write: (store) => store.check() },
];

describe('what is promised', () => {
  let site: SqliteSite;
  let store: Store;
  const log = () => `${site.file}-wal`;

  beforeEach(async () => {
    site = makeSqliteSite();
    store = await site.open();
    await store.createKey(keyOf('key_1'));
    await store.beginTurn(begin);
  });
  afterEach(() => site.remove());

  // A log that was removed can be written by the process that has it open, and lasts no longer than that.
  for (const { name, durable, write } of writes) {
    it(`${durable ? 'needs the disk' : 'does not need the disk'}: ${name}`, async () => {
      unlinkSync(log());
      if (durable) await assert.rejects(write(store), isError('STORE_UNAVAILABLE'));
      else await write(store);
      assert.equal((await store.getSession('ann', 'promised'))?.id, 'promised');
    });
  }

  it('is refused to those who need the disk, and done for those who came with them', async () => {
    unlinkSync(log());
    const results = await Promise.allSettled(writes.map(({ write }) => write(store)));
    assert.deepEqual(
      results.map(({ status }) => status === 'rejected'),
      writes.map(({ durable }) => durable),
    );
  });

  /** Without our locks the last to close would take itself for the last of all, and remove the log. */
  it('costs no lock: closing the log’s second handle leaves the database ours', async () => {
    const before = statSync(log()).ino;
    closeSync(openSync(log(), 'r+'));
    const child = startChild('opener.ts', [site.directory, 'beside', '5']);
    assert.equal(await child.end(), 0);
    assert.equal(statSync(log()).ino, before);
    await store.createKey(keyOf('key_2'));
    await store.close();
    store = await site.open();
    assert.equal((await store.loadKeys()).length, 2);
    assert.equal((await store.getSession('ann', 'beside'))?.messageCount, 10);
  });
});
