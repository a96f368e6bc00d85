import { existsSync } from 'node:fs';
import { type Config, loadConfig } from '../config/index.ts';
import type { Spent } from '../core/budgets.ts';
import { type Keys, operator } from '../core/keys.ts';
import type { StoredKey } from '../core/ports/store.ts';
import { toDollars } from '../core/prices.ts';
import { type Budget, type Scope, scopes } from '../core/principal.ts';
import { type OpenKeys, openKeys } from '../server.ts';
import { Failure } from './failure.ts';
import { note, print, printJson, table } from './terminal.ts';

export interface CreateOptions {
  name: string;
  user: string;
  scopes: string[];
  models?: string[];
  requestsPerMinute?: number;
  tokensPerMinute?: number;
  concurrentRuns?: number;
  budget?: string;
  expires?: string;
  apiVersion?: string;
  json?: boolean;
}

export async function createKey(options: CreateOptions): Promise<void> {
  const { models, requestsPerMinute, tokensPerMinute, concurrentRuns, budget, expires, apiVersion } = options;
  const limits = {
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
    ...(concurrentRuns === undefined ? {} : { concurrentRuns }),
    ...(budget === undefined ? {} : { budget: toBudget(budget) }),
  };
  const wanted = {
    name: checked('name', options.name, /^.{1,200}$/su, '1 to 200 characters'),
    user: checked('user', options.user, /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/, 'letters, digits and . _ : @ -'),
    scopes: options.scopes.map(toScope),
    ...(models === undefined ? {} : { models }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(expires === undefined ? {} : { expiresAt: toTime(expires, Date.now()) }),
  };
  await withKeys(loadConfig(), async ({ keys, versions }) => {
    const pin = apiVersion === undefined ? {} : { apiVersion: toVersion(apiVersion, versions) };
    show(await keys.create(operator, { ...wanted, ...pin }), options.json);
  });
}

export async function listKeys({ json }: { json?: boolean }): Promise<void> {
  const found = await withKeys(existingFolder(), async ({ keys, budgetOf }) =>
    Promise.all(allKeys(keys).map(async (key) => ({ key, ...(await budgetOf(key)) }))),
  );
  if (json) return printJson(found.map(({ key, spent }) => ({ ...withoutHashes(key), ...(spent ? told(spent) : {}) })));
  if (found.length === 0) return note('There are no keys yet. `npm run gateway -- keys create` makes one.');
  print(
    table(
      ['ID', 'PREFIX', 'USER', 'SCOPES', 'STATE', 'MADE', 'SPENT IN USD', 'NAME'],
      found.map(({ key, budget, spent }) => [
        key.id,
        key.prefix,
        key.user,
        key.scopes.join(','),
        stateOf(key),
        day(key.createdAt),
        budget && spent ? `${inDollars(spent.amount)} of ${budget.amount} a ${budget.period}` : '',
        key.name,
      ]),
    ),
  );
}

export async function revokeKey(id: string, { json }: { json?: boolean }): Promise<void> {
  const key = await withKeys(existingFolder(), ({ keys }) => keys.revoke(operator, id));
  if (json) printJson(withoutHashes(key));
  else note(`${key.id} (${key.name}) is revoked.`);
}

export async function rotateKey(
  id: string,
  { graceSeconds, json }: { graceSeconds: number; json?: boolean },
): Promise<void> {
  await withKeys(existingFolder(), async ({ keys }) => {
    show(await keys.rotate(operator, id, graceSeconds), json);
  });
}

/** The key alone goes to stdout, so that it can be taken from there. */
function show({ key, secret }: { key: StoredKey; secret: string }, json = false): void {
  if (json) {
    printJson({ ...withoutHashes(key), key: secret });
  } else {
    note(`${key.id} (${key.name}) of ${key.user}. It is shown this once:`);
    print(secret);
  }
}

async function withKeys<Result>(config: Config, work: (open: OpenKeys) => Promise<Result>): Promise<Result> {
  const open = await openKeys(config);
  try {
    return await work(open);
  } finally {
    await open.close();
  }
}

function toVersion(wanted: string, versions: readonly string[]): string {
  if (versions.includes(wanted)) return wanted;
  throw new Failure(`There is no version ${wanted}. There are ${versions.join(', ')}.`);
}

/** What is only looked for is not made. */
function existingFolder(): Config {
  const config = loadConfig();
  if (existsSync(config.home)) return config;
  throw new Failure(`There is no data folder ${config.home} yet. \`npm start\` makes it, and so does \`keys create\`.`);
}

function allKeys(keys: Keys): StoredKey[] {
  const found: StoredKey[] = [];
  let cursor: string | undefined;
  do {
    const page = keys.list(operator, { limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
}

function withoutHashes({ hashes: _, createdAt, expiresAt, revokedAt, ...key }: StoredKey): Record<string, unknown> {
  return {
    ...key,
    createdAt: timestamp(createdAt),
    ...(expiresAt === undefined ? {} : { expiresAt: timestamp(expiresAt) }),
    ...(revokedAt === undefined ? {} : { revokedAt: timestamp(revokedAt) }),
  };
}

/** As the API has it. */
function told({ amount, resetsAt }: Spent): object {
  return { spent: { amount: toDollars(amount), currency: 'USD', resetsAt: timestamp(resetsAt) } };
}

/** To a hundredth of a cent. */
function inDollars(amount: number): string {
  return toDollars(amount).toFixed(4);
}

function stateOf({ revokedAt, expiresAt }: StoredKey): string {
  if (revokedAt !== undefined) return 'revoked';
  if (expiresAt === undefined) return 'active';
  return expiresAt <= Date.now() ? 'expired' : `until ${day(expiresAt)}`;
}

function timestamp(time: number): string {
  return new Date(time).toISOString();
}

function day(time: number): string {
  return timestamp(time).slice(0, 10);
}

function checked(name: string, value: string, pattern: RegExp, words: string): string {
  if (pattern.test(value)) return value;
  throw new Failure(`--${name} must be ${words}.`);
}

function toBudget(text: string): Budget {
  const [, amount = '', period = ''] = /^(\d{1,7}(?:\.\d{1,6})?)\/(day|month)$/.exec(text) ?? [];
  const dollars = Number(amount);
  if (dollars > 0 && dollars <= 1_000_000) return { amount: dollars, period: period === 'day' ? 'day' : 'month' };
  throw new Failure('--budget must be US dollars and a period, such as 2.50/day or 25/month.');
}

function toScope(name: string): Scope {
  const scope = scopes.find((known) => known === name);
  if (scope) return scope;
  throw new Failure(`There is no scope ${name}. There are ${scopes.join(', ')}.`);
}

const units: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

function toTime(text: string, now: number): number {
  const [, amount = '', unit = ''] = /^(\d{1,6})([hd])$/.exec(text) ?? [];
  const time = amount === '' ? Date.parse(text) : now + Number(amount) * (units[unit] ?? 0);
  if (!Number.isNaN(time)) return time;
  throw new Failure('--expires must be a date such as 2027-01-31, or a time from now such as 12h or 30d.');
}
