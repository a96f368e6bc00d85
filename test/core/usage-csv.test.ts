import assert from 'node:assert/strict';
import type { UsageTotal } from '../../src/core/ports/usage-store.ts';
import { usageCsv } from '../../src/core/usage-csv.ts';

const total: UsageTotal = {
  runs: 2,
  failedRuns: 1,
  inputTokens: 3,
  outputTokens: 4,
  totalTokens: 7,
  cachedInputTokens: 1,
  reasoningTokens: 0,
  unpricedRuns: 0,
};

describe('usage as CSV', () => {
  const row = (more: Partial<UsageTotal>) => usageCsv(['model']).rows([{ ...total, ...more }]);

  it('has a head of what is told apart and of figures', () => {
    assert.equal(
      usageCsv(['day', 'user', 'key', 'model', 'provider']).head,
      'day,user,keyId,model,provider,runs,failedRuns,inputTokens,outputTokens,totalTokens,cachedInputTokens,reasoningTokens,cost,currency,unpricedRuns\r\n',
    );
  });

  const cells: [name: string, more: Partial<UsageTotal>, text: string][] = [
    ['a row', { model: 'm' }, 'm,2,1,3,4,7,1,0,,,0\r\n'],
    ['nothing where there is nothing', {}, ',2,1,3,4,7,1,0,,,0\r\n'],
    ['a cost', { model: 'm', cost: 3_750_000_000 }, 'm,2,1,3,4,7,1,0,3.75,USD,0\r\n'],
    ['a cost of nought', { model: 'm', cost: 0 }, 'm,2,1,3,4,7,1,0,0,USD,0\r\n'],
    ['the least cost without an exponent', { model: 'm', cost: 1 }, 'm,2,1,3,4,7,1,0,0.000000001,USD,0\r\n'],
    ['a whole cost whole', { model: 'm', cost: 100_000_000_000 }, 'm,2,1,3,4,7,1,0,100,USD,0\r\n'],
    ['a comma', { model: 'a,b' }, '"a,b",2,1,3,4,7,1,0,,,0\r\n'],
    ['a quote', { model: 'a"b' }, '"a""b",2,1,3,4,7,1,0,,,0\r\n'],
    ['what looks like a formula', { model: '=1+1' }, "'=1+1,2,1,3,4,7,1,0,,,0\r\n"],
  ];
  for (const [name, more, text] of cells) it(`has ${name}`, () => assert.equal(row(more), text));

  it('has no rows of nothing', () => assert.equal(usageCsv([]).rows([]), ''));
});
