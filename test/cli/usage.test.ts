import { strict as assert } from 'node:assert';
import { existsSync, writeFileSync } from 'node:fs';
import { createSqliteStore } from '../../src/storage/sqlite/index.ts';
import { systemClock } from '../../src/system/clock.ts';
import { turnOf } from '../storage/turns.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { createRecordingMetrics } from '../support/recording-metrics.ts';
import { type Bench, makeBench } from './run-gateway.ts';

const noon = (day: string) => Date.parse(`${day}T12:00:00Z`);

describe('gateway usage', function () {
  // Each command is a process of its own.
  this.timeout(30_000);
  let bench: Bench;
  let key: string;
  before(() => {
    bench = makeBench();
  });
  after(() => bench.close());

  it('knows of none, and makes no data folder to look for some', async () => {
    const { status, stdout, stderr } = await bench.run(['usage']);
    assert.deepEqual([status, stdout, stderr], [0, '', 'Nothing of that was used so far.\n']);
    assert.ok(!existsSync(bench.home));
  });

  describe('after some', () => {
    before(async () => {
      const options = ['--user', 'ann', '--budget', '25/month', '--tokens-per-minute', '9', '--concurrent-runs', '2'];
      const made = await bench.run(['keys', 'create', ...options, '--json']);
      const { id, limits } = JSON.parse(made.stdout);
      assert.deepEqual(limits, {
        tokensPerMinute: 9,
        concurrentRuns: 2,
        budget: { amount: 25, period: 'month' },
      });
      key = id;
      await store();
    });

    async function store(): Promise<void> {
      const parts = { clock: systemClock, log: createRecordingLog(), metrics: createRecordingMetrics() };
      const store = createSqliteStore({ directory: bench.home, recover: false, ...parts });
      await store.open(0);
      const usage = (tokens: number, cost?: number) => ({
        usage: {
          inputTokens: tokens,
          outputTokens: 1,
          totalTokens: tokens + 1,
          ...(cost === undefined ? {} : { cost }),
        },
      });
      await store.finishTurn(turnOf({ at: noon('2026-11-09'), run: { keyId: key, ...usage(10, 1_500_000) } }));
      await store.finishTurn(turnOf({ at: noon('2026-11-10'), run: { keyId: key, ...usage(20, 2_000_000_000) } }));
      await store.finishTurn(turnOf({ at: noon('2026-11-10'), user: 'bob', run: usage(30) }));
      await store.finishTurn(turnOf({ at: systemClock.now(), run: { keyId: key, ...usage(1, 1_250_000_000) } }));
      await store.close();
    }

    const lines = async (...args: string[]) =>
      (await bench.run(['usage', '--to', '2026-11-15', ...args])).stdout.split('\n');

    it('shows a table, the latest day first', async () => {
      assert.deepEqual(await lines(), [
        'DAY         USER  MODEL  RUNS  FAILED  INPUT  OUTPUT  COST IN USD',
        '2026-11-10  ann   small  1     0       20     1       2.000000',
        '2026-11-10  bob   small  1     0       30     1       unknown',
        '2026-11-09  ann   small  1     0       10     1       0.001500',
        '',
      ]);
    });

    it('says what a cost leaves out', async () => {
      const [, row] = await lines('--by', 'model');
      assert.equal(row, 'small  3     0       60     3       2.001500 without 1 of unknown price');
    });

    it('prints CSV', async () => {
      assert.deepEqual(await lines('--by', 'user,day', '--from', '2026-11-10', '--csv'), [
        'day,user,runs,failedRuns,inputTokens,outputTokens,totalTokens,cachedInputTokens,reasoningTokens,cost,currency,unpricedRuns\r',
        '2026-11-10,ann,1,0,20,1,21,0,0,2,USD,0\r',
        '2026-11-10,bob,1,0,30,1,31,0,0,,,1\r',
        '',
      ]);
    });

    it('prints JSON as the API has it', async () => {
      const { stdout } = await bench.run(['usage', '--key', key, '--to', '2026-11-09', '--by', 'key', '--json']);
      const [entry, ...others] = JSON.parse(stdout);
      assert.deepEqual([entry.keyId, entry.cost], [key, { amount: 0.0015, currency: 'USD' }]);
      assert.deepEqual(others, []);
    });

    const refused: [name: string, args: string[], says: RegExp][] = [
      ['a day that there is not', ['--from', '2026-02-30'], /^--from must be a day such as 2026-11-30\.$/m],
      ['what nothing is told apart by', ['--by', 'color'], /color\. There are day, user, key, model, provider\.$/m],
    ];
    for (const [name, args, says] of refused) {
      it(`refuses ${name}`, async () => {
        const { status, stderr } = await bench.run(['usage', ...args]);
        assert.equal(status, 1);
        assert.match(stderr, says);
      });
    }

    it('shows with the keys what they spent in this period', async () => {
      const [, row = ''] = (await bench.run(['keys', 'list'])).stdout.split('\n');
      const inPeriod = new Date().toISOString().startsWith('2026-11') ? '3.2515' : '1.2500';
      assert.ok(row.includes(`${inPeriod} of 25 a month`), row);
      const [listed] = JSON.parse((await bench.run(['keys', 'list', '--json'])).stdout);
      assert.equal(listed.spent.amount, Number(inPeriod));
      assert.match(listed.spent.resetsAt, /^\d{4}-\d{2}-01T00:00:00\.000Z$/);
    });

    it('makes the doctor look for models without a price', async () => {
      const { stdout } = await bench.run(['doctor', '--json'], {
        env: { ANTHROPIC_API_KEY: 'x', ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' },
      });
      const priced = JSON.parse(stdout).findings.find(({ what }: { what: string }) => what === 'prices');
      assert.equal(priced, undefined, 'all that is served has one');
      const home = `${bench.home}/gateway.json5`;
      writeFileSync(
        home,
        `{ gateway: { providers: { own: { type: 'openai', baseUrl: 'http://127.0.0.1:9/v1', models: ['llama3'] } } } }`,
      );
      const { findings } = JSON.parse((await bench.run(['doctor', '--json'])).stdout);
      const found = findings.find(({ what }: { what: string }) => what === 'prices');
      assert.equal(found.found, 'budgets do not count what has no price: own/llama3');
    });
  });

  for (const budget of ['25', '0/day', '1/year', '-1/day', '2000000/day', 'x/month']) {
    it(`makes no key with a budget of ${budget}`, async () => {
      const { status, stderr } = await bench.run(['keys', 'create', `--budget=${budget}`]);
      assert.equal(status, 1);
      assert.match(stderr, /^--budget must be US dollars and a period, such as 2\.50\/day or 25\/month\.$/m);
    });
  }
});
