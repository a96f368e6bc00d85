import assert from 'node:assert/strict';
import { createIds } from '../../src/core/ids.ts';
import { createKeys, operator } from '../../src/core/keys.ts';
import { HandClock } from '../support/hand-clock.ts';
import { isError } from '../support/is-error.ts';
import { makeStore } from '../support/make-gateway.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { until } from '../support/until.ts';
import { useKeys } from '../support/use-keys.ts';

describe('keys', () => {
  const rig = useKeys();

  it('cannot be made to expire in the past, now, or at no time at all', async () => {
    for (const expiresAt of [0, rig.under.clock.now(), Number.NaN]) {
      await assert.rejects(rig.make({ expiresAt }), isError('INVALID_REQUEST', '/expiresAt'));
    }
    assert.equal(rig.keys.count(), 0);
  });

  it('are seen by their user and by admin; to others they do not exist', async () => {
    const { id, secret } = await rig.make();
    const other = rig.keys.authenticate((await rig.make({ user: 'other' })).secret);
    assert.equal(rig.keys.get(rig.keys.authenticate(secret), id).id, id);
    assert.equal(rig.keys.get(operator, id).id, id);
    assert.throws(() => rig.keys.get(other, id), isError('NOT_FOUND'));
    await assert.rejects(rig.keys.revoke(other, id), isError('NOT_FOUND'));
    await assert.rejects(rig.keys.rotate(other, id, 0), isError('NOT_FOUND'));
    assert.throws(() => rig.keys.get(operator, 'key_none'), isError('NOT_FOUND'));
    assert.deepEqual(
      rig.keys.list(other, { limit: 10 }).items.map(({ user }) => user),
      ['other'],
    );
    assert.equal(rig.keys.list(operator, { limit: 10 }).items.length, 2);
  });

  it('are listed in pages, newest first, each once', async () => {
    const made: string[] = [];
    for (let number = 0; number < 7; number += 1) {
      rig.under.clock.advance(1);
      made.unshift((await rig.make()).id);
    }
    const pages: string[][] = [];
    for (let cursor: string | undefined; ; ) {
      const { items, nextCursor } = rig.keys.list(operator, { limit: 3, ...(cursor ? { cursor } : {}) });
      pages.push(items.map(({ id }) => id));
      cursor = nextCursor;
      if (!cursor) break;
    }
    assert.deepEqual(pages, [made.slice(0, 3), made.slice(3, 6), made.slice(6)]);
    assert.equal(rig.keys.list(operator, { limit: 7 }).nextCursor, undefined);
    const cursor = Buffer.from('key_0').toString('base64url');
    assert.deepEqual(rig.keys.list(operator, { limit: 7, cursor }), { items: [] }, 'beyond the last one');
  });

  it('are listed from no cursor but their own', async () => {
    for (const cursor of ['x', '!!', Buffer.from('session 1').toString('base64url')]) {
      assert.throws(() => rig.keys.list(operator, { limit: 3, cursor }), isError('INVALID_REQUEST', '/cursor'));
      await rig.make();
    }
  });

  it('are counted while they are good', async () => {
    const { id } = await rig.make();
    await rig.make({ expiresAt: rig.under.clock.now() + 10 });
    await rig.make();
    assert.equal(rig.keys.count(), 3);
    await rig.keys.revoke(operator, id);
    rig.under.clock.advance(10);
    assert.equal(rig.keys.count(), 1);
  });

  it('that another process changed are noticed within half a second', async () => {
    const clock = new HandClock();
    const store = makeStore(rig.under.directory, { recover: false, clock });
    await store.open(clock.now());
    const random = createSeededRandom(7);
    const beside = await createKeys(
      { store, clock, random, ids: createIds(clock, random), log: rig.under.log },
      { requestsPerMinute: 60 },
    );
    let changes = 0;
    beside.onChange(() => {
      changes += 1;
    });
    try {
      const { id, secret } = await rig.make();
      assert.throws(() => beside.authenticate(secret), isError('UNAUTHORIZED'));
      clock.advance(500);
      await until(() => changes > 0);
      const principal = beside.authenticate(secret);
      await rig.keys.revoke(operator, id);
      assert.ok(beside.isGood(principal));
      clock.advance(500);
      await until(() => changes > 1);
      assert.equal(beside.isGood(principal), false);
      clock.advance(5000);
      assert.equal(changes, 2);
    } finally {
      beside.close();
      await store.close();
    }
  });
});
