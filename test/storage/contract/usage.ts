import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Store } from '../../../src/core/ports/store.ts';
import {
  type UsageDimension,
  type UsageFilter,
  type UsageTotal,
  usageDimensions,
} from '../../../src/core/ports/usage-store.ts';
import type { Run } from '../../../src/core/run.ts';
import { isError } from '../../support/is-error.ts';
import { readAll } from '../model.ts';
import type { StoreSite } from '../store.contract.ts';
import { promisedTurnOf, silentFailureOf, turnOf } from '../turns.ts';

const day = (text: string) => Date.parse(`${text}T12:00:00Z`);
const usage = (inputTokens: number, outputTokens: number, cost?: number) => ({
  inputTokens,
  outputTokens,
  totalTokens: inputTokens + outputTokens,
  ...(cost === undefined ? {} : { cost }),
});

export function describeUsage(makeSite: () => Promise<StoreSite>): void {
  describe('usage', () => {
    let site: StoreSite;
    let store: Store;

    beforeEach(async () => {
      site = await makeSite();
      store = await site.open();
    });
    afterEach(() => site.remove());

    const list = (groupBy: readonly UsageDimension[], filter: UsageFilter = {}) =>
      readAll((page) => store.listUsage(filter, groupBy, page));

    async function ran(at: number, more: Partial<Run> & { user?: string } = {}): Promise<void> {
      await store.finishTurn(turnOf({ at, run: more, ...(more.user === undefined ? {} : { user: more.user }) }));
    }

    it('is nothing before the first run', async () => {
      assert.deepEqual(await store.listUsage({}, usageDimensions, { limit: 10 }), { items: [] });
      assert.deepEqual(await store.listUsage({}, [], { limit: 10 }), { items: [] });
      assert.equal(await store.costSince('ann', 'key_1', '2026-11-01'), 0);
    });

    it('adds up what ends together, without what could not be stored', async () => {
      const run = { keyId: 'key_1', model: 'small', provider: 'echo', usage: usage(10, 5, 700) };
      const newcomer = (at: number) => turnOf({ at, user: 'bob', run });
      const first = newcomer(day('2026-11-10'));
      const ended = [first, first, newcomer(day('2026-11-10') + 1), turnOf({ at: day('2026-11-10') + 2, run })];
      const results = await Promise.allSettled(ended.map((turn) => store.finishTurn(turn)));
      assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
      );
      const totals = await list(['user']);
      assert.deepEqual(
        totals.map(({ user, runs, inputTokens, cost }) => ({ user, runs, inputTokens, cost })),
        [
          { user: 'ann', runs: 1, inputTokens: 10, cost: 700 },
          { user: 'bob', runs: 2, inputTokens: 20, cost: 1400 },
        ],
      );
    });

    it('keeps apart what ends together and has not all in common', async () => {
      const run = { keyId: 'key_1', model: 'small', provider: 'echo', usage: usage(10, 5) };
      const at = day('2026-11-10');
      const others: Partial<Run>[] = [{}, { keyId: 'key_2' }, { model: 'large' }, { provider: 'openai' }];
      const turns = () => [
        turnOf({ at, run, user: 'bob' }),
        turnOf({ at: day('2026-11-11'), run }),
        ...others.map((other) => turnOf({ at, run: { ...run, ...other } })),
      ];
      await Promise.all(turns().map((turn) => store.finishTurn(turn)));
      // Once more, now that the lines are there.
      await Promise.all(turns().map((turn) => store.finishTurn(turn)));
      const totals = await list(usageDimensions);
      assert.deepEqual(
        totals.map(({ runs }) => runs),
        turns().map(() => 2),
      );
    });

    it('adds up what runs with all in common used', async () => {
      const same = { keyId: 'key_1', model: 'small', provider: 'echo' };
      await ran(day('2026-11-10'), { ...same, usage: { ...usage(10, 5, 700), cachedInputTokens: 4 } });
      await ran(day('2026-11-10'), { ...same, usage: { ...usage(1, 2, 33), reasoningTokens: 2 } });
      assert.deepEqual(await list(usageDimensions), [
        {
          day: '2026-11-10',
          user: 'ann',
          keyId: 'key_1',
          model: 'small',
          provider: 'echo',
          runs: 2,
          failedRuns: 0,
          inputTokens: 11,
          outputTokens: 7,
          totalTokens: 18,
          cachedInputTokens: 4,
          reasoningTokens: 2,
          cost: 733,
          unpricedRuns: 0,
        },
      ]);
    });

    it('counts failures, and runs of which nothing is known', async () => {
      await store.finishTurn(silentFailureOf({ at: day('2026-11-10'), run: { attempts: 0 } }));
      await ran(day('2026-11-10'));
      const [total] = await list([]);
      assert.deepEqual([total?.runs, total?.failedRuns, total?.unpricedRuns, total?.totalTokens], [2, 1, 1, 7]);
      assert.equal(total && 'cost' in total, false, 'a cost that nobody knows is not nought');
    });

    it('has a cost where it was nought, and leaves out runs whose cost is not known', async () => {
      await ran(day('2026-11-10'), { usage: usage(1, 1, 0) });
      await ran(day('2026-11-10'), { usage: usage(1, 1) });
      const [total] = await list([]);
      assert.deepEqual([total?.cost, total?.unpricedRuns], [0, 1]);
    });

    it('belongs to the day in UTC on which the run ended', async () => {
      const midnight = Date.parse('2026-11-11T00:00:00Z');
      for (const at of [midnight - 1, midnight, midnight + 86_399_999, midnight + 86_400_000]) await ran(at);
      assert.deepEqual(
        (await list(['day'])).map((total) => [total.day, total.runs]),
        [
          ['2026-11-12', 1],
          ['2026-11-11', 2],
          ['2026-11-10', 1],
        ],
      );
    });

    it('has a promised run once, when it ends', async () => {
      const { begin, finish } = promisedTurnOf({ at: day('2026-11-10') });
      await store.beginTurn(begin);
      assert.deepEqual(await list([]), []);
      await store.finishTurn(finish);
      await assert.rejects(store.finishTurn(finish), isError('CONFLICT'));
      const [total] = await list([]);
      assert.deepEqual([total?.runs, total?.totalTokens], [1, 7]);
    });

    it('has not what could not be stored', async () => {
      const first = turnOf();
      await store.finishTurn(first);
      await assert.rejects(store.finishTurn(turnOf({ run: { id: first.run.id } })), isError('CONFLICT'));
      assert.equal((await list([]))[0]?.runs, 1);
    });

    it('has runs that a crash cut, as failed ones', async () => {
      await store.beginTurn(promisedTurnOf({ at: 5 }).begin);
      await store.beginTurn(promisedTurnOf({ at: 5 }).begin);
      await store.close();
      store = await site.open({ now: day('2026-11-12') });
      const [total] = await list(['day', 'user']);
      assert.deepEqual([total?.day, total?.user, total?.runs, total?.failedRuns], ['2026-11-12', 'ann', 2, 2]);
      await store.close();
      store = await site.open({ now: day('2026-11-13') });
      assert.equal((await list([])).length, 1, 'and once');
      assert.equal((await list([]))[0]?.runs, 2);
    });

    it('is kept when the session goes', async () => {
      await ran(day('2026-11-10'));
      await store.changeSession('ann', 'home', { action: 'delete' }, 500);
      assert.equal((await list([]))[0]?.runs, 1);
    });

    it('tells the cost of a key since a day, and no other’s', async () => {
      await ran(day('2026-11-09'), { keyId: 'key_1', usage: usage(1, 1, 5) });
      await ran(day('2026-11-10'), { keyId: 'key_1', usage: usage(1, 1, 70) });
      await ran(day('2026-11-11'), { keyId: 'key_1', model: 'large', usage: usage(1, 1, 900) });
      await ran(day('2026-11-11'), { keyId: 'key_2', usage: usage(1, 1, 10_000) });
      await ran(day('2026-11-11'), { keyId: 'key_1', user: 'bob', usage: usage(1, 1, 200_000) });
      assert.equal(await store.costSince('ann', 'key_1', '2026-11-10'), 970);
      assert.equal(await store.costSince('ann', 'key_1', '2026-11-12'), 0);
    });

    it('refuses a cursor of another list', async () => {
      for (const at of ['2026-11-10', '2026-11-11']) await ran(day(at));
      const { nextCursor = '' } = await store.listUsage({}, ['day'], { limit: 1 });
      const sessions = Buffer.from('sessions 1 2').toString('base64url');
      const nonsense = Buffer.from('day\nyesterday\n\n\n\n').toString('base64url');
      for (const cursor of ['', 'x', sessions, nonsense, `${nextCursor}=`]) {
        await assert.rejects(store.listUsage({}, ['day'], { limit: 1, cursor }), isError('INVALID_REQUEST'), cursor);
      }
      await assert.rejects(store.listUsage({}, ['user'], { limit: 1, cursor: nextCursor }), isError('INVALID_REQUEST'));
      assert.equal((await store.listUsage({}, ['day'], { limit: 1, cursor: nextCursor })).items[0]?.day, '2026-11-10');
    });

    it('is what its runs were, however it is filtered, grouped and paged', async () => {
      const runs: Run[] = [];
      const wish = fc.record({
        at: fc.constantFrom('2026-10-31', '2026-11-01', '2026-11-02').map(day),
        user: fc.constantFrom('ann', 'bob'),
        keyId: fc.constantFrom('key_1', 'key_2'),
        model: fc.constantFrom('small', 'large'),
        provider: fc.constantFrom('echo', 'openai'),
        tokens: fc.nat(1000),
        cost: fc.option(fc.nat(1000), { nil: undefined }),
      });
      for (const { at, tokens, cost, ...more } of fc.sample(wish, 60)) {
        const turn = turnOf({ at, user: more.user, run: { ...more, usage: usage(tokens, 1, cost) } });
        await store.finishTurn(turn);
        runs.push(turn.run);
      }
      const anyDay = fc.constantFrom('2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03');
      const anyFilter = fc.record(
        {
          from: anyDay,
          to: anyDay,
          user: fc.constantFrom('ann', 'bob', 'eve'),
          keyId: fc.constantFrom('key_1', 'key_2'),
          model: fc.constantFrom('small', 'large'),
        },
        { requiredKeys: [] },
      );
      await fc.assert(
        fc.asyncProperty(anyFilter, fc.shuffledSubarray([...usageDimensions]), async (filter, groupBy) => {
          assert.deepEqual(await list(groupBy, filter), totalsOf(runs, filter, groupBy));
        }),
        { numRuns: 80 },
      );
    });
  });
}

/** What the ledger should tell, as plainly as it can be said. */
function totalsOf(runs: readonly Run[], filter: UsageFilter, groupBy: readonly UsageDimension[]): UsageTotal[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs.filter((one) => fits(one, filter))) {
    const name = JSON.stringify(namesOf(run, groupBy));
    groups.set(name, [...(groups.get(name) ?? []), run]);
  }
  const totals = [...groups.values()].map((group): UsageTotal => {
    const sum = (count: (run: Run) => number) => group.reduce((all, run) => all + count(run), 0);
    const priced = group.filter((run) => run.usage?.cost !== undefined);
    const [first] = group;
    assert.ok(first);
    return {
      ...namesOf(first, groupBy),
      runs: group.length,
      failedRuns: 0,
      inputTokens: sum((run) => run.usage?.inputTokens ?? 0),
      outputTokens: sum((run) => run.usage?.outputTokens ?? 0),
      totalTokens: sum((run) => run.usage?.totalTokens ?? 0),
      cachedInputTokens: 0,
      reasoningTokens: 0,
      ...(priced.length === 0 ? {} : { cost: sum((run) => run.usage?.cost ?? 0) }),
      unpricedRuns: group.length - priced.length,
    };
  });
  const place = ({ user = '', keyId = '', model = '', provider = '' }: UsageTotal) =>
    [user, keyId, model, provider].join('\n');
  return totals.sort((a, b) => {
    if (a.day !== b.day) return (a.day ?? '') < (b.day ?? '') ? 1 : -1;
    return place(a) < place(b) ? -1 : 1;
  });
}

function dayOf({ endedAt = 0 }: Run): string {
  return new Date(endedAt).toISOString().slice(0, 10);
}

function fits(run: Run, { from, to, user, keyId, model }: UsageFilter): boolean {
  const on = dayOf(run);
  return (
    (from === undefined || on >= from) &&
    (to === undefined || on <= to) &&
    (user === undefined || run.user === user) &&
    (keyId === undefined || run.keyId === keyId) &&
    (model === undefined || run.model === model)
  );
}

function namesOf(run: Run, groupBy: readonly UsageDimension[]): Pick<UsageTotal, 'day' | 'user' | 'keyId' | 'model'> {
  const { user, keyId = '', model, provider = '' } = run;
  return {
    ...(groupBy.includes('day') ? { day: dayOf(run) } : {}),
    ...(groupBy.includes('user') ? { user } : {}),
    ...(groupBy.includes('key') ? { keyId } : {}),
    ...(groupBy.includes('model') ? { model } : {}),
    ...(groupBy.includes('provider') ? { provider } : {}),
  };
}
