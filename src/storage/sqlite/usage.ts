import type { Page, PageRequest } from '../../core/ports/store.ts';
import {
  type UsageDimension,
  type UsageFilter,
  type UsageTotal,
  usageDimensions,
} from '../../core/ports/usage-store.ts';
import type { Run } from '../../core/run.ts';
import type { Connection } from './connection.ts';
import { fromTextCursor, refuseCursor, toTextCursor } from './cursors.ts';
import { integer, type Row, text, toRow, toRows } from './rows.ts';
import { createUsageLines, isSame, type UsageLine } from './usage-lines.ts';

/**
 * The ledger: what was used on each day, by user, key, model and provider. Runs that end together mostly belong to one
 * line, and are added up before it is written.
 */
export interface Usages {
  /** Adds a run to what `write` will write. */
  add(run: Run): void;
  write(): void;
  /** A transaction was undone: drops what was not written, and what was known of lines that may not be there. */
  forget(): void;
  /** Adds runs that a crash left running, before they are ended. */
  addInterrupted(now: number): void;
  list(filter: UsageFilter, groupBy: readonly UsageDimension[], page: PageRequest): Page<UsageTotal>;
  costSince(user: string, keyId: string, day: string): number;
}

const counts = [
  'runs',
  'failed',
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'cached_input_tokens',
  'reasoning_tokens',
  'cost',
  'priced',
  'unpriced',
] as const;
const sums = counts.map((name) => `sum(${name})`).join(', ');
const oneMore = counts.map((name) => `${name} = ${name} + ?`).join(', ');
const ledger = 'usage_lines JOIN usage_counts ON line = id';

const dayMs = 86_400_000;

export function createUsages(connection: Connection): Usages {
  const { prepare } = connection;
  const lines = createUsageLines(connection, counts.length);
  const count = prepare(`UPDATE usage_counts SET ${oneMore} WHERE line = ?`);
  const interrupted = prepare(`
    SELECT u.name, coalesce(r.key, ''), r.model, coalesce(r.provider, ''), count(*)
    FROM runs r JOIN users u ON u.id = r.user WHERE r.state = 'running' GROUP BY 1, 2, 3, 4
  `);
  const cost = prepare(`SELECT coalesce(sum(cost), 0) FROM ${ledger} WHERE user = ? AND day >= ? AND key = ?`);
  const lists = new Map<string, ReturnType<typeof prepare>>();
  /** Few: those of one group of commits. */
  let unwritten: Sum[] = [];

  function listOf(sql: string): ReturnType<typeof prepare> {
    const known = lists.get(sql);
    if (known) return known;
    const made = prepare(sql);
    lists.set(sql, made);
    return made;
  }

  function write(): void {
    for (const sum of unwritten) count.run(...sum.counts, lines.numberOf(sum));
    unwritten = [];
  }

  return {
    add(run) {
      const { user, keyId = '', model, provider = '', endedAt = run.createdAt } = run;
      const day = Math.floor(endedAt / dayMs);
      const line = { day, user, keyId, model, provider };
      const sum = unwritten.find((one) => isSame(one, line));
      if (sum) addTo(sum.counts, run);
      else unwritten.push({ ...line, counts: addTo([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], run) });
    },
    write,
    forget() {
      unwritten = [];
      lines.forget();
    },
    addInterrupted(now) {
      for (const row of toRows(interrupted.all())) {
        const runs = integer(row, 4);
        unwritten.push({
          day: Math.floor(now / dayMs),
          user: text(row, 0),
          keyId: text(row, 1),
          model: text(row, 2),
          provider: text(row, 3),
          counts: [runs, runs, 0, 0, 0, 0, 0, 0, 0, 0],
        });
      }
    },
    list(filter, groupBy, { limit, cursor }) {
      // In one order, so that a cursor fits however the dimensions were named.
      const dimensions = usageDimensions.filter((dimension) => groupBy.includes(dimension));
      const kind = dimensions.join();
      const wanted = [...conditionsOf(filter), ...(cursor === undefined ? [] : [behind(dimensions, cursor, kind)])];
      const list = listOf(listSql(dimensions, wanted));
      const rows = toRows(list.all(...wanted.flatMap(({ values }) => values), limit + 1));
      const items = rows.slice(0, limit).map((row) => toTotal(row, dimensions));
      const last = rows[limit - 1];
      if (rows.length <= limit || !last) return { items };
      const place = [dayOfNumber(integer(last, 0)), ...[1, 2, 3, 4].map((index) => text(last, index))];
      return { items, nextCursor: toTextCursor(kind, place) };
    },
    costSince(user, keyId, day) {
      const row = toRow(cost.get(user, toDayNumber(day), keyId));
      return row ? integer(row, 0) : 0;
    },
  };
}

/** What runs that end together add to a line. */
interface Sum extends UsageLine {
  counts: Counts;
}

/** In the order of the columns. */
type Counts = [
  runs: number,
  failed: number,
  inputTokens: number,
  outputTokens: number,
  totalTokens: number,
  cachedInputTokens: number,
  reasoningTokens: number,
  cost: number,
  priced: number,
  unpriced: number,
];

function addTo(sums: Counts, { state, usage }: Run): Counts {
  sums[0] += 1;
  if (state === 'failed') sums[1] += 1;
  if (!usage) return sums;
  sums[2] += usage.inputTokens;
  sums[3] += usage.outputTokens;
  sums[4] += usage.totalTokens;
  sums[5] += usage.cachedInputTokens ?? 0;
  sums[6] += usage.reasoningTokens ?? 0;
  if (usage.cost === undefined) {
    sums[9] += 1;
  } else {
    sums[7] += usage.cost;
    sums[8] += 1;
  }
  return sums;
}

interface Condition {
  sql: string;
  values: (string | number)[];
}

function conditionsOf({ from, to, user, keyId, model }: UsageFilter): Condition[] {
  return [
    ...(user === undefined ? [] : [{ sql: 'user = ?', values: [user] }]),
    ...(from === undefined ? [] : [{ sql: 'day >= ?', values: [toDayNumber(from)] }]),
    ...(to === undefined ? [] : [{ sql: 'day <= ?', values: [toDayNumber(to)] }]),
    ...(keyId === undefined ? [] : [{ sql: 'key = ?', values: [keyId] }]),
    ...(model === undefined ? [] : [{ sql: 'model = ?', values: [model] }]),
  ];
}

/** Where a page goes on. */
function behind(dimensions: readonly UsageDimension[], cursor: string, kind: string): Condition {
  const [written = '', ...rest] = fromTextCursor(kind, cursor, 5);
  const day = toDayNumber(written);
  if (Number.isNaN(day)) return refuseCursor();
  const { day: ofDay, rest: others } = columnsOf(dimensions);
  return { sql: `(${ofDay} < ? OR (${ofDay} = ? AND (${others}) > (?, ?, ?, ?)))`, values: [day, day, ...rest] };
}

/** A dimension that is not asked for is the same for all, so that order and cursor need not know of it. */
function columnsOf(dimensions: readonly UsageDimension[]): { day: string; rest: string } {
  const [, ...others] = usageDimensions;
  const rest = others.map((dimension) => (dimensions.includes(dimension) ? dimension : "''")).join(', ');
  return { day: dimensions.includes('day') ? 'day' : '0', rest };
}

function listSql(dimensions: readonly UsageDimension[], conditions: readonly Condition[]): string {
  const { day, rest } = columnsOf(dimensions);
  const where = conditions.map(({ sql }) => sql).join(' AND ');
  return `
    SELECT ${day}, ${rest}, ${sums} FROM ${ledger}
    ${where === '' ? '' : `WHERE ${where}`}
    ${dimensions.length === 0 ? 'HAVING count(*) > 0' : `GROUP BY ${dimensions.join(', ')}`}
    ORDER BY 1 DESC, 2, 3, 4, 5
    LIMIT ?
  `;
}

function toDayNumber(day: string): number {
  return Math.floor(Date.parse(`${day}T00:00:00Z`) / dayMs);
}

function dayOfNumber(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

function toTotal(row: Row, dimensions: readonly UsageDimension[]): UsageTotal {
  const has = (dimension: UsageDimension) => dimensions.includes(dimension);
  const named = (index: number, name: 'user' | 'keyId' | 'model' | 'provider') =>
    row[index] === '' ? {} : { [name]: text(row, index) };
  return {
    ...(has('day') ? { day: dayOfNumber(integer(row, 0)) } : {}),
    ...named(1, 'user'),
    ...named(2, 'keyId'),
    ...named(3, 'model'),
    ...named(4, 'provider'),
    runs: integer(row, 5),
    failedRuns: integer(row, 6),
    inputTokens: integer(row, 7),
    outputTokens: integer(row, 8),
    totalTokens: integer(row, 9),
    cachedInputTokens: integer(row, 10),
    reasoningTokens: integer(row, 11),
    ...(integer(row, 13) === 0 ? {} : { cost: integer(row, 12) }),
    unpricedRuns: integer(row, 14),
  };
}
