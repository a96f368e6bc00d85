import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError } from '../../src/core/errors.ts';
import { isSecret } from '../../src/core/key-format.ts';
import { operator } from '../../src/core/keys.ts';
import { isError } from '../support/is-error.ts';
import { adminKey, useKeys } from '../support/use-keys.ts';

describe('keys', () => {
  const rig = useKeys();

  describe('authenticate', () => {
    it('tells whom a key stands for', async () => {
      const { id, secret } = await rig.make({
        limits: { requestsPerMinute: 7 },
        models: ['model-a'],
        apiVersion: '2026-11-01',
      });
      assert.ok(isSecret(secret));
      const { credential, ...principal } = rig.keys.authenticate(secret);
      assert.ok(credential);
      assert.deepEqual(principal, {
        user: 'shop',
        scopes: ['chat', 'keys'],
        limits: { requestsPerMinute: 7 },
        account: `key:${id}`,
        keyId: id,
        models: ['model-a'],
        apiVersion: '2026-11-01',
      });
    });

    it('gives the configured limit to a key without its own', async () => {
      const { secret } = await rig.make();
      assert.equal(rig.keys.authenticate(secret).limits.requestsPerMinute, 60);
    });

    it('refuses everything else alike', async () => {
      const { secret } = await rig.make();
      const others = ['', 'nonsense', secret.slice(0, -1), `${secret}x`, secret.toLowerCase(), ` ${secret}`];
      for (const token of others) assert.throws(() => rig.keys.authenticate(token), isError('UNAUTHORIZED'));
      const messages = others.map((token) => messageOf(() => rig.keys.authenticate(token)));
      assert.equal(new Set(messages).size, 1);
    });

    it('refuses a key from the moment it expires', async () => {
      const { secret } = await rig.make({ expiresAt: rig.under.clock.now() + 1000 });
      const principal = rig.keys.authenticate(secret);
      rig.under.clock.advance(999);
      rig.keys.authenticate(secret);
      assert.ok(rig.keys.isGood(principal));
      rig.under.clock.advance(1);
      assert.throws(() => rig.keys.authenticate(secret), isError('UNAUTHORIZED'));
      assert.equal(rig.keys.isGood(principal), false);
    });

    it('takes the key of the environment, with every scope and the configured limit', async () => {
      const principal = rig.keys.authenticate(adminKey);
      assert.deepEqual(principal.scopes, ['admin']);
      assert.equal(principal.limits.requestsPerMinute, 60);
      assert.equal(rig.keys.isGood(principal), true);
      assert.equal(principal.apiVersion, undefined);
    });

    it('knows who comes again, as the key stands then', async () => {
      const { id, secret } = await rig.make();
      const first = rig.keys.authenticate(secret);
      assert.equal(rig.keys.authenticate(secret), first);
      await rig.keys.reload();
      assert.notEqual(rig.keys.authenticate(secret), first);
      await rig.keys.revoke(operator, id);
      assert.throws(() => rig.keys.authenticate(secret), isError('UNAUTHORIZED'));
    });

    it('lets who came without a secret stay', () => assert.equal(rig.keys.isGood(operator), true));

    it('stores neither the key of the environment nor any other', async () => {
      const { secret } = await rig.make();
      const stored = await rig.under.store.loadKeys();
      assert.equal(stored.length, 1);
      await rig.under.store.close();
      const file = Buffer.concat(
        readdirSync(rig.under.directory).map((name) => readFileSync(join(rig.under.directory, name))),
      );
      assert.equal(file.includes(adminKey), false);
      assert.equal(file.includes(secret.slice(8)), false);
      assert.ok(file.includes(secret.slice(0, 8)));
    });
  });

  describe('revoke', () => {
    it('is felt at once, and once is enough', async () => {
      const { id, secret } = await rig.make();
      const principal = rig.keys.authenticate(secret);
      let changes = 0;
      rig.keys.onChange(() => {
        changes += 1;
      });
      const revoked = await rig.keys.revoke(operator, id);
      assert.equal(revoked.revokedAt, rig.under.clock.now());
      assert.throws(() => rig.keys.authenticate(secret), isError('UNAUTHORIZED'));
      assert.equal(rig.keys.isGood(principal), false);
      assert.equal(changes, 1);
      rig.under.clock.advance(5000);
      assert.equal((await rig.keys.revoke(operator, id)).revokedAt, revoked.revokedAt);
    });

    it('stays felt after a restart', async () => {
      const { id, secret } = await rig.make();
      await rig.keys.revoke(operator, id);
      await rig.keys.reload();
      assert.throws(() => rig.keys.authenticate(secret), isError('UNAUTHORIZED'));
    });
  });

  describe('rotate', () => {
    it('ends the secret before and all that was opened with it', async () => {
      const { id, secret } = await rig.make();
      const before = rig.keys.authenticate(secret);
      const { key, secret: next } = await rig.keys.rotate(operator, id, 0);
      assert.notEqual(next, secret);
      assert.equal(key.prefix, next.slice(0, 8));
      assert.throws(() => rig.keys.authenticate(secret), isError('UNAUTHORIZED'));
      assert.equal(rig.keys.isGood(before), false);
      const after = rig.keys.authenticate(next);
      assert.deepEqual({ ...after, credential: '' }, { ...before, credential: '' });
    });

    it('keeps the secret before for its grace, and no longer', async () => {
      const { id, secret } = await rig.make();
      const before = rig.keys.authenticate(secret);
      const { secret: next } = await rig.keys.rotate(operator, id, 60);
      rig.under.clock.advance(59_999);
      assert.equal(rig.keys.authenticate(secret).keyId, id);
      assert.ok(rig.keys.isGood(before));
      rig.under.clock.advance(1);
      assert.throws(() => rig.keys.authenticate(secret), isError('UNAUTHORIZED'));
      assert.equal(rig.keys.isGood(before), false);
      rig.keys.authenticate(next);
    });

    it('gives a secret that is already in its grace no more than it had', async () => {
      const { id, secret } = await rig.make();
      await rig.keys.rotate(operator, id, 10);
      await rig.keys.rotate(operator, id, 3600);
      rig.under.clock.advance(10_000);
      assert.throws(() => rig.keys.authenticate(secret), isError('UNAUTHORIZED'));
    });

    it('ends every secret before when it gives no grace', async () => {
      const { id, secret } = await rig.make();
      const { secret: second } = await rig.keys.rotate(operator, id, 3600);
      await rig.keys.rotate(operator, id, 0);
      for (const old of [secret, second]) assert.throws(() => rig.keys.authenticate(old), isError('UNAUTHORIZED'));
    });

    it('refuses a key that is revoked or expired', async () => {
      const { id } = await rig.make();
      await rig.keys.revoke(operator, id);
      await assert.rejects(rig.keys.rotate(operator, id, 0), isError('CONFLICT'));
      const expiring = await rig.make({ expiresAt: rig.under.clock.now() + 1 });
      rig.under.clock.advance(1);
      await assert.rejects(rig.keys.rotate(operator, expiring.id, 0), isError('CONFLICT'));
    });
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
