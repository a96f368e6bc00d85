import assert from 'node:assert/strict';
import { isError } from '../support/is-error.ts';
import { alice, bob, type GatewayUnderTest, makeGateway } from '../support/make-gateway.ts';

const form = { write: (answer: { count: number }) => JSON.stringify(answer), read: (text: string) => JSON.parse(text) };

describe('what happens once per Idempotency-Key', () => {
  let under: GatewayUnderTest;
  let count: number;
  beforeEach(async () => {
    under = await makeGateway();
    count = 0;
  });
  afterEach(() => under.close());

  const once = (
    claim: Partial<{ operation: string; key: string; fingerprint: string }> = {},
    work = work1,
    principal = alice,
  ) =>
    under.gateway.idempotency.once(
      principal,
      { operation: 'changeSession', key: 'k1', fingerprint: 'f1', ...claim },
      work,
      form,
    );
  const work1 = async () => ({ count: ++count });

  it('answers a repetition what it answered the first time', async () => {
    assert.deepEqual(await once(), { answer: { count: 1 }, replayed: false });
    assert.deepEqual(await once(), { answer: { count: 1 }, replayed: true });
    assert.equal(count, 1);
  });

  it('is one thing, of fifty at once', async () => {
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => once()));
    assert.equal(count, 1);
    for (const outcome of all) if (outcome.status === 'rejected') isError('CONFLICT')(outcome.reason);
    assert.ok(all.some(({ status }) => status === 'fulfilled'));
  });

  it('is refused for another request', async () => {
    await once();
    await assert.rejects(once({ fingerprint: 'f2' }), isError('IDEMPOTENCY_MISMATCH'));
    assert.equal(count, 1);
  });

  it('is another thing for another key, operation or user', async () => {
    await once();
    await once({ key: 'k2' });
    await once({ operation: 'other' });
    await once({}, work1, bob);
    assert.equal(count, 4);
  });

  it('may be tried again when it failed', async () => {
    const fails = async () => {
      throw new Error('no');
    };
    await assert.rejects(once({}, fails), /no/);
    assert.equal((await once()).replayed, false);
  });

  it('is forgotten after a day', async () => {
    await once();
    under.clock.advance(24 * 60 * 60 * 1000 - 1);
    assert.equal((await once()).replayed, true);
    under.clock.advance(1);
    assert.equal((await once()).replayed, false);
  });
});
