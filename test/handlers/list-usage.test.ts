import assert from 'node:assert/strict';
import type { Input, Sent } from '../../src/handlers/handler.ts';
import { turnOf } from '../storage/turns.ts';
import { isError } from '../support/is-error.ts';
import { alice } from '../support/make-gateway.ts';
import { useHandlers } from '../support/use-handlers.ts';

type Query = Input<'listUsage'>['query'];

describe('the handler of usage', () => {
  const rig = useHandlers();
  const user = { ...alice, scopes: ['usage'] as const };

  const ask = (query: Query, more: Parameters<typeof rig.answer>[2] = {}) =>
    rig.answer('listUsage', { path: {}, query, body: undefined }, more);

  async function itemsOf(query: Query, more: Parameters<typeof rig.answer>[2] = {}) {
    const { body } = await ask(query, more);
    assert.ok(typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items));
    return body.items;
  }

  async function textOf(sent: Sent<'listUsage'>): Promise<string> {
    assert.equal(sent.text?.contentType, 'text/csv');
    let text = '';
    for await (const chunk of sent.text.chunks) text += chunk;
    return text;
  }

  beforeEach(async () => {
    const at = (day: number) => Date.UTC(2026, 10, day, 12);
    const usage = { inputTokens: 3, outputTokens: 4, totalTokens: 7 };
    const runs = [
      turnOf({ user: 'alice', at: at(9), run: { usage: { ...usage, cost: 1_500_000 } } }),
      turnOf({ user: 'alice', at: at(10), run: { model: 'large', usage } }),
      turnOf({ user: 'bob', at: at(10), run: { keyId: 'key_0b0b', usage } }),
    ];
    for (const run of runs) await rig.under.store.finishTurn(run);
  });

  it('tells days, users, models and providers apart, unless it is told by what', async () => {
    assert.deepEqual((await itemsOf({ from: '2026-11-09', to: '2026-11-09' }))[0], {
      day: '2026-11-09',
      user: 'alice',
      model: 'small',
      provider: 'echo',
      runs: 1,
      failedRuns: 0,
      inputTokens: 3,
      outputTokens: 4,
      totalTokens: 7,
      cachedInputTokens: 0,
      reasoningTokens: 0,
      cost: { amount: 0.0015, currency: 'USD' },
      unpricedRuns: 0,
    });
    const users = await itemsOf({ groupBy: 'user' });
    assert.deepEqual(
      users.map((item) => [item.user, item.runs, item.day]),
      [
        ['alice', 2, undefined],
        ['bob', 1, undefined],
      ],
    );
  });

  it('shows a user nothing of another', async () => {
    const own = await itemsOf({}, { principal: user });
    assert.equal(own.length, 2);
    assert.doesNotMatch(JSON.stringify(own), /bob|key_0b0b/);
    assert.deepEqual(await itemsOf({ keyId: 'key_0b0b' }, { principal: user }), []);
    await assert.rejects(ask({ user: 'bob' }, { principal: user }), isError('FORBIDDEN'));
    assert.doesNotMatch(await textOf(await ask({ format: 'csv' }, { principal: user })), /bob/);
  });

  it('goes on where a page ends', async () => {
    const first = await ask({ groupBy: 'day', limit: 1 });
    assert.ok(typeof first.body === 'object' && first.body !== null && 'nextCursor' in first.body);
    const [next] = await itemsOf({ groupBy: 'day', limit: 1, cursor: String(first.body.nextCursor) });
    assert.equal(next.day, '2026-11-09');
  });

  const forms: [accept: string | undefined, format: Query['format'], isCsv: boolean][] = [
    [undefined, undefined, false],
    ['*/*', undefined, false],
    ['text/csv', undefined, true],
    ['TEXT/CSV; header=present', undefined, true],
    ['text/csv, */*;q=0.1', undefined, true],
    ['application/json, text/csv', undefined, false],
    ['text/csv;q=0.5, application/json;q=0.4', undefined, true],
    ['text/csv;q=0', undefined, false],
    ['text/csvx', undefined, false],
    ['text/csv', 'json', false],
    ['application/json', 'csv', true],
  ];
  for (const [accept, format, isCsv] of forms) {
    it(`answers ${isCsv ? 'CSV' : 'JSON'} to Accept ${accept} and format ${format}`, async () => {
      const sent = await ask(format ? { format } : {}, accept === undefined ? {} : { accept });
      assert.equal(sent.text !== undefined, isCsv);
    });
  }

  it('gives all entries as CSV, and so many as are asked for', async () => {
    const lines = async (query: Query) => (await textOf(await ask({ format: 'csv', ...query }))).split('\r\n');
    assert.equal((await lines({})).length, 1 + 3 + 1);
    assert.equal((await lines({ limit: 2 })).length, 1 + 2 + 1);
    assert.deepEqual((await lines({ groupBy: 'model,day', user: 'alice' })).slice(1), [
      '2026-11-10,large,1,0,3,4,7,0,0,,,1',
      '2026-11-09,small,1,0,3,4,7,0,0,0.0015,USD,0',
      '',
    ]);
    assert.deepEqual((await lines({ user: 'nobody' })).length, 2, 'a head alone');
  });

  it('reads a long table page by page', async () => {
    const turns = Array.from({ length: 1200 }, (_, index) => turnOf({ at: index * 86_400_000 }));
    await Promise.all(turns.map((turn) => rig.under.store.finishTurn(turn)));
    const sent = await ask({ format: 'csv', groupBy: 'day' });
    let chunks = 0;
    let text = '';
    assert.equal(sent.text?.contentType, 'text/csv');
    for await (const chunk of sent.text.chunks) {
      chunks += 1;
      text += chunk;
    }
    const days = text.split('\r\n').slice(1, -1);
    assert.deepEqual([chunks, days.length, new Set(days).size], [2, 1202, 1202]);
  });
});
