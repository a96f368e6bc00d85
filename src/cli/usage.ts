import { existsSync } from 'node:fs';
import { loadConfig } from '../config/index.ts';
import type { Page, PageRequest } from '../core/ports/page.ts';
import { type UsageDimension, type UsageFilter, type UsageTotal, usageDimensions } from '../core/ports/usage-store.ts';
import { toDollars } from '../core/prices.ts';
import { usageCsv } from '../core/usage-csv.ts';
import { openStore } from '../server.ts';
import { Failure } from './failure.ts';
import { note, print, printJson, table } from './terminal.ts';

export interface UsageOptions extends Pick<UsageFilter, 'from' | 'to' | 'user' | 'model'> {
  key?: string;
  by: string[];
  json?: boolean;
  csv?: boolean;
}

/** What was used and what it cost, from the ledger in the data folder. */
export async function showUsage({ by, json, csv, key, ...filter }: UsageOptions): Promise<void> {
  for (const name of ['from', 'to'] as const) checkDay(name, filter[name]);
  const groupBy = toDimensions(by);
  const totals = await readTotals({ ...filter, ...(key === undefined ? {} : { keyId: key }) }, groupBy);
  if (json) return printJson(totals.map(toEntry));
  if (csv) {
    const { head, rows } = usageCsv(groupBy);
    return void process.stdout.write(head + rows(totals));
  }
  if (totals.length === 0) return note('Nothing of that was used so far.');
  print(
    table(
      [...groupBy.map((dimension) => dimension.toUpperCase()), 'RUNS', 'FAILED', 'INPUT', 'OUTPUT', 'COST IN USD'],
      totals.map((total) => [
        ...groupBy.map((dimension) => total[names[dimension]] ?? '-'),
        ...[total.runs, total.failedRuns, total.inputTokens, total.outputTokens].map(String),
        costOf(total),
      ]),
    ),
  );
}

async function readTotals(filter: UsageFilter, groupBy: readonly UsageDimension[]): Promise<UsageTotal[]> {
  const config = loadConfig();
  if (!existsSync(config.home)) return [];
  const store = await openStore(config);
  try {
    const totals: UsageTotal[] = [];
    let place: Pick<PageRequest, 'cursor'> | undefined = {};
    while (place) {
      const { items, nextCursor }: Page<UsageTotal> = await store.listUsage(filter, groupBy, { limit: 1000, ...place });
      totals.push(...items);
      place = nextCursor === undefined ? undefined : { cursor: nextCursor };
    }
    return totals;
  } finally {
    await store.close();
  }
}

const names = { day: 'day', user: 'user', key: 'keyId', model: 'model', provider: 'provider' } as const;

/** What has no known price is not counted, and that is said. */
function costOf({ cost, unpricedRuns }: UsageTotal): string {
  const unknown = unpricedRuns === 0 ? '' : `without ${unpricedRuns} of unknown price`;
  if (cost === undefined) return unknown === '' ? '' : 'unknown';
  return `${toDollars(cost).toFixed(6)} ${unknown}`.trimEnd();
}

/** As the API has it. */
function toEntry({ cost, ...total }: UsageTotal): object {
  return { ...total, ...(cost === undefined ? {} : { cost: { amount: toDollars(cost), currency: 'USD' } }) };
}

function toDimensions(by: readonly string[]): UsageDimension[] {
  const unknown = by.find((name) => !usageDimensions.some((dimension) => dimension === name));
  if (unknown !== undefined) {
    throw new Failure(`--by cannot tell entries apart by ${unknown}. There are ${usageDimensions.join(', ')}.`);
  }
  return usageDimensions.filter((dimension) => by.includes(dimension));
}

function checkDay(name: string, day: string | undefined): void {
  if (day === undefined) return;
  if (/^\d{4}-\d{2}-\d{2}$/.test(day) && new Date(day).toJSON()?.startsWith(day)) return;
  throw new Failure(`--${name} must be a day such as 2026-11-30.`);
}
