import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError } from '../../src/core/errors.ts';
import { createIds } from '../../src/core/ids.ts';
import { isSecret } from '../../src/core/key-format.ts';
import { createKeys, type Keys, type NewKey, operator } from '../../src/core/keys.ts';
import type { Principal } from '../../src/core/principal.ts';
import { HandClock } from '../support/hand-clock.ts';
import { isError } from '../support/is-error.ts';
import { type GatewayUnderTest, makeGateway, makeStore } from '../support/make-gateway.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { until } from '../support/until.ts';

const day = 24 * 60 * 60 * 1000;

describe('keys', () => {
  let under: GatewayUnderTest;
  let keys: Keys;

  beforeEach(async () => {
    under = await makeGateway({ settings: { adminKey: 'environment-admin-key-0123456789', requestsPerMinute: 60 } });
    keys = under.gateway.keys;
  });
  afterEach(() => under.close());

  async function make(wanted: Partial<NewKey> = {}, by: Principal = operator): Promise<{ id: string; secret: string }> {
    const { key, secret } = await keys.create(by, { name: 'shop', user: 'shop', scopes: ['chat', 'keys'], ...wanted });
    return { id: key.id, secret };
  }

  describe('authenticate', () => {
    it('tells whom a key stands for', async () => {
      const { id, secret } = await make({
        limits: { requestsPerMinute: 7 },
        models: ['model-a'],
        apiVersion: '2026-11-01',
      });
      assert.ok(isSecret(secret));
      const { credential, ...principal } = keys.authenticate(secret);
      assert.ok(credential);
      assert.deepEqual(principal, {
        user: 'shop',
        scopes: ['chat', 'keys'],
        limits: { requestsPerMinute: 7 },
        account: `key:${id}`,
        keyId: id,
        models: ['model-a'],
      });
      assert.equal(keys.pinOf(keys.authenticate(secret)), '2026-11-01');
    });

    it('gives the configured limit to a key without its own', async () => {
      const { secret } = await make();
      assert.equal(keys.authenticate(secret).limits.requestsPerMinute, 60);
    });

    it('refuses everything else alike', async () => {
      const { secret } = await make();
      const others = ['', 'nonsense', secret.slice(0, -1), `${secret}x`, secret.toLowerCase(), ` ${secret}`];
      for (const token of others) assert.throws(() => keys.authenticate(token), isError('UNAUTHORIZED'));
      const messages = others.map((token) => messageOf(() => keys.authenticate(token)));
      assert.equal(new Set(messages).size, 1);
    });

    it('refuses a key from the moment it expires', async () => {
      const { secret } = await make({ expiresAt: under.clock.now() + 1000 });
      const principal = keys.authenticate(secret);
      under.clock.advance(999);
      keys.authenticate(secret);
      assert.ok(keys.isGood(principal));
      under.clock.advance(1);
      assert.throws(() => keys.authenticate(secret), isError('UNAUTHORIZED'));
      assert.equal(keys.isGood(principal), false);
    });

    it('takes the key of the environment, with every scope and the configured limit', async () => {
      const principal = keys.authenticate('environment-admin-key-0123456789');
      assert.deepEqual(principal.scopes, ['admin']);
      assert.equal(principal.limits.requestsPerMinute, 60);
      assert.equal(keys.isGood(principal), true);
      assert.equal(keys.pinOf(principal), undefined);
    });

    it('lets who came without a secret stay', () => assert.equal(keys.isGood(operator), true));

    it('stores neither the key of the environment nor any other', async () => {
      const { secret } = await make();
      const stored = await under.store.loadKeys();
      assert.equal(stored.length, 1);
      await under.store.close();
      const file = Buffer.concat(readdirSync(under.directory).map((name) => readFileSync(join(under.directory, name))));
      assert.equal(file.includes('environment-admin-key'), false);
      assert.equal(file.includes(secret.slice(8)), false);
      assert.ok(file.includes(secret.slice(0, 8)));
    });
  });

  describe('revoke', () => {
    it('is felt at once, and once is enough', async () => {
      const { id, secret } = await make();
      const principal = keys.authenticate(secret);
      let changes = 0;
      keys.onChange(() => {
        changes += 1;
      });
      const revoked = await keys.revoke(operator, id);
      assert.equal(revoked.revokedAt, under.clock.now());
      assert.throws(() => keys.authenticate(secret), isError('UNAUTHORIZED'));
      assert.equal(keys.isGood(principal), false);
      assert.equal(changes, 1);
      under.clock.advance(5000);
      assert.equal((await keys.revoke(operator, id)).revokedAt, revoked.revokedAt);
    });

    it('stays felt after a restart', async () => {
      const { id, secret } = await make();
      await keys.revoke(operator, id);
      await keys.reload();
      assert.throws(() => keys.authenticate(secret), isError('UNAUTHORIZED'));
    });
  });

  describe('rotate', () => {
    it('ends the secret before and all that was opened with it', async () => {
      const { id, secret } = await make();
      const before = keys.authenticate(secret);
      const { key, secret: next } = await keys.rotate(operator, id, 0);
      assert.notEqual(next, secret);
      assert.equal(key.prefix, next.slice(0, 8));
      assert.throws(() => keys.authenticate(secret), isError('UNAUTHORIZED'));
      assert.equal(keys.isGood(before), false);
      const after = keys.authenticate(next);
      assert.deepEqual({ ...after, credential: '' }, { ...before, credential: '' });
    });

    it('keeps the secret before for its grace, and no longer', async () => {
      const { id, secret } = await make();
      const before = keys.authenticate(secret);
      const { secret: next } = await keys.rotate(operator, id, 60);
      under.clock.advance(59_999);
      assert.equal(keys.authenticate(secret).keyId, id);
      assert.ok(keys.isGood(before));
      under.clock.advance(1);
      assert.throws(() => keys.authenticate(secret), isError('UNAUTHORIZED'));
      assert.equal(keys.isGood(before), false);
      keys.authenticate(next);
    });

    it('gives a secret that is already in its grace no more than it had', async () => {
      const { id, secret } = await make();
      await keys.rotate(operator, id, 10);
      await keys.rotate(operator, id, 3600);
      under.clock.advance(10_000);
      assert.throws(() => keys.authenticate(secret), isError('UNAUTHORIZED'));
    });

    it('ends every secret before when it gives no grace', async () => {
      const { id, secret } = await make();
      const { secret: second } = await keys.rotate(operator, id, 3600);
      await keys.rotate(operator, id, 0);
      for (const old of [secret, second]) assert.throws(() => keys.authenticate(old), isError('UNAUTHORIZED'));
    });

    it('refuses a key that is revoked or expired', async () => {
      const { id } = await make();
      await keys.revoke(operator, id);
      await assert.rejects(keys.rotate(operator, id, 0), isError('CONFLICT'));
      const expiring = await make({ expiresAt: under.clock.now() + 1 });
      under.clock.advance(1);
      await assert.rejects(keys.rotate(operator, expiring.id, 0), isError('CONFLICT'));
    });
  });

  describe('never widen', () => {
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
        const by = keys.authenticate((await make(maker)).secret);
        const attempt = make({ scopes: ['chat'], ...wanted }, by);
        if (allowed) await attempt;
        else await assert.rejects(attempt, isError('FORBIDDEN'));
        assert.equal(keys.count(), allowed ? 2 : 1);
      });
    }

    it('rotates itself, and not a key of the same user that may do more', async () => {
      const small = await make({ scopes: ['keys'] });
      const large = await make({ scopes: ['keys', 'sessions'] });
      const by = keys.authenticate(small.secret);
      await assert.rejects(keys.rotate(by, large.id, 0), isError('FORBIDDEN'));
      const { secret } = await keys.rotate(by, small.id, 0);
      assert.deepEqual(keys.authenticate(secret).scopes, ['keys']);
    });

    it('rotates no key that may use more models, or lives longer', async () => {
      const plain = await make();
      for (const less of [{ models: ['a'] }, { expiresAt: ends }]) {
        const by = keys.authenticate((await make(less)).secret);
        await assert.rejects(keys.rotate(by, plain.id, 0), isError('FORBIDDEN'));
      }
    });

    it('is not confused by a rotation: a limited key stays limited', async () => {
      const { id, secret } = await make({ limits: { requestsPerMinute: 5 }, models: ['a'], expiresAt: ends });
      const { secret: next } = await keys.rotate(keys.authenticate(secret), id, 0);
      const { limits, models } = keys.authenticate(next);
      assert.deepEqual({ limits, models }, { limits: { requestsPerMinute: 5 }, models: ['a'] });
      under.clock.advance(day);
      assert.throws(() => keys.authenticate(next), isError('UNAUTHORIZED'));
    });
  });

  it('cannot be made to expire in the past, now, or at no time at all', async () => {
    for (const expiresAt of [0, under.clock.now(), Number.NaN]) {
      await assert.rejects(make({ expiresAt }), isError('INVALID_REQUEST', '/expiresAt'));
    }
    assert.equal(keys.count(), 0);
  });

  it('are seen by their user and by admin; to others they do not exist', async () => {
    const { id, secret } = await make();
    const other = keys.authenticate((await make({ user: 'other' })).secret);
    assert.equal(keys.get(keys.authenticate(secret), id).id, id);
    assert.equal(keys.get(operator, id).id, id);
    assert.throws(() => keys.get(other, id), isError('NOT_FOUND'));
    await assert.rejects(keys.revoke(other, id), isError('NOT_FOUND'));
    await assert.rejects(keys.rotate(other, id, 0), isError('NOT_FOUND'));
    assert.throws(() => keys.get(operator, 'key_none'), isError('NOT_FOUND'));
    assert.deepEqual(
      keys.list(other, { limit: 10 }).items.map(({ user }) => user),
      ['other'],
    );
    assert.equal(keys.list(operator, { limit: 10 }).items.length, 2);
  });

  it('are listed in pages, newest first, each once', async () => {
    const made: string[] = [];
    for (let number = 0; number < 7; number += 1) {
      under.clock.advance(1);
      made.unshift((await make()).id);
    }
    const pages: string[][] = [];
    for (let cursor: string | undefined; ; ) {
      const { items, nextCursor } = keys.list(operator, { limit: 3, ...(cursor ? { cursor } : {}) });
      pages.push(items.map(({ id }) => id));
      cursor = nextCursor;
      if (!cursor) break;
    }
    assert.deepEqual(pages, [made.slice(0, 3), made.slice(3, 6), made.slice(6)]);
    assert.equal(keys.list(operator, { limit: 7 }).nextCursor, undefined);
    const cursor = Buffer.from('key_0').toString('base64url');
    assert.deepEqual(keys.list(operator, { limit: 7, cursor }), { items: [] }, 'beyond the last one');
  });

  it('are listed from no cursor but their own', async () => {
    for (const cursor of ['x', '!!', Buffer.from('session 1').toString('base64url')]) {
      assert.throws(() => keys.list(operator, { limit: 3, cursor }), isError('INVALID_REQUEST', '/cursor'));
      await make();
    }
  });

  it('are counted while they are good', async () => {
    const { id } = await make();
    await make({ expiresAt: under.clock.now() + 10 });
    await make();
    assert.equal(keys.count(), 3);
    await keys.revoke(operator, id);
    under.clock.advance(10);
    assert.equal(keys.count(), 1);
  });

  it('that another process changed are noticed within half a second', async () => {
    const clock = new HandClock();
    const store = makeStore(under.directory, { recover: false, clock });
    await store.open(clock.now());
    const random = createSeededRandom(7);
    const beside = await createKeys(
      { store, clock, random, ids: createIds(clock, random), log: under.log },
      { requestsPerMinute: 60 },
    );
    let changes = 0;
    beside.onChange(() => {
      changes += 1;
    });
    try {
      const { id, secret } = await make();
      assert.throws(() => beside.authenticate(secret), isError('UNAUTHORIZED'));
      clock.advance(500);
      await until(() => changes > 0);
      const principal = beside.authenticate(secret);
      await keys.revoke(operator, id);
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

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof GatewayError) return error.message;
  }
  return '';
}
