import assert from 'node:assert/strict';
import { operator } from '../../src/core/keys.ts';
import { createLedger } from '../../src/core/ledger.ts';
import type { UsageFilter } from '../../src/core/ports/usage-store.ts';
import { isError } from '../support/is-error.ts';
import { alice } from '../support/make-gateway.ts';

describe('the ledger', () => {
  const asked: UsageFilter[] = [];
  const ledger = createLedger({
    async listUsage(filter) {
      asked.push(filter);
      return { items: [] };
    },
    costSince: async () => 0,
  });
  const page = { limit: 10 };
  beforeEach(() => asked.splice(0));

  it('tells a user of nobody else, whatever is asked', async () => {
    await ledger.list(alice, {}, [], page);
    await ledger.list(alice, { user: 'alice', keyId: 'key_of_bob' }, [], page);
    assert.deepEqual(asked, [{ user: 'alice' }, { user: 'alice', keyId: 'key_of_bob' }]);
    await assert.rejects(ledger.list(alice, { user: 'bob' }, [], page), isError('FORBIDDEN'));
    assert.equal(asked.length, 2);
  });

  it('tells an administrator of all, or of whom it asks for', async () => {
    await ledger.list(operator, {}, [], page);
    await ledger.list(operator, { user: 'bob' }, [], page);
    assert.deepEqual(asked, [{}, { user: 'bob' }]);
  });
});
