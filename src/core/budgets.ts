import { GatewayError } from './errors.ts';
import { dayOf, type Period, periodAt } from './period.ts';
import type { UsageStore } from './ports/usage-store.ts';
import { type NanoDollars, toDollars, toNanoDollars } from './prices.ts';
import type { Budget } from './principal.ts';

/**
 * What keys may spend. What has been spent stands in the usage ledger and is read from there once; what is under way is
 * known here alone. A run is let in when the rest of the budget covers all that it could cost, so that a budget is never
 * passed by more than what is under way goes beyond its estimates.
 */
export interface Budgets {
  /** Throws `BUDGET_EXCEEDED`. A run whose cost is not known is let in whatever was spent. */
  reserve(key: BudgetKey, budget: Budget, cost: NanoDollars | undefined): Promise<BudgetReservation>;
  /** What a key spent in the period that it is. */
  spent(key: BudgetKey, budget: Budget): Promise<Spent>;
}

export interface BudgetKey {
  keyId: string;
  user: string;
}

export interface BudgetReservation {
  /** What it did cost, counted in the period in which it ended. The first call counts. */
  settle(cost: NanoDollars, endedAt: number): void;
}

export interface Spent {
  amount: NanoDollars;
  /** Milliseconds since 1970. */
  resetsAt: number;
}

/** The contract tells of no longer wait than a day, in seconds. */
const longestWait = 86_400;

interface Account {
  period: Period;
  spent: NanoDollars;
  reserved: NanoDollars;
}

export function createBudgets(store: UsageStore, now: () => number): Budgets {
  const accounts = new Map<string, Account>();
  const loading = new Map<string, Promise<Account>>();

  async function load({ keyId, user }: BudgetKey, period: Period): Promise<Account> {
    try {
      const spent = await store.costSince(user, keyId, dayOf(period.start));
      const account = { period, spent, reserved: 0 };
      accounts.set(keyId, account);
      return account;
    } finally {
      loading.delete(keyId);
    }
  }

  async function accountOf(key: BudgetKey, budget: Budget): Promise<Account> {
    const time = now();
    let account = accounts.get(key.keyId);
    if (!account) {
      const loaded = loading.get(key.keyId) ?? load(key, periodAt(time, budget.period));
      if (!accounts.has(key.keyId)) loading.set(key.keyId, loaded);
      account = await loaded;
    }
    roll(account, budget, time);
    return account;
  }

  return {
    async reserve(key, budget, cost) {
      const account = await accountOf(key, budget);
      const limit = toNanoDollars(budget.amount);
      const reserved = cost ?? 0;
      if (cost !== undefined && account.spent + account.reserved + cost > limit) {
        throw exceeded(account, budget, limit, cost, now());
      }
      account.reserved += reserved;
      let isOver = false;
      return {
        settle(actual, endedAt) {
          if (isOver) return;
          isOver = true;
          account.reserved -= reserved;
          roll(account, budget, endedAt);
          // One that ended in a period that is over stands in the ledger of that.
          if (endedAt >= account.period.start) account.spent += actual;
        },
      };
    },
    async spent(key, budget) {
      const account = await accountOf(key, budget);
      return { amount: account.spent, resetsAt: account.period.end };
    },
  };
}

function roll(account: Account, budget: Budget, time: number): void {
  if (time < account.period.end) return;
  account.period = periodAt(time, budget.period);
  account.spent = 0;
}

function exceeded({ spent, period }: Account, budget: Budget, limit: number, cost: number, now: number): GatewayError {
  const of = `The key's budget of ${inWords(limit)} a ${budget.period}`;
  const left = Math.max(0, limit - spent);
  const retryAfter = Math.min(longestWait, Math.max(1, Math.ceil((period.end - now) / 1000)));
  const anew = `it begins anew on ${dayOf(period.end)}, UTC`;
  if (left === 0) return new GatewayError('BUDGET_EXCEEDED', `${of} is spent; ${anew}.`, { retryAfter });
  const could = `This request could cost ${inWords(cost)}.`;
  if (cost <= left) {
    const rest = `${of} has ${inWords(left)} left, and runs under way may need it. Try again when they have ended.`;
    return new GatewayError('BUDGET_EXCEEDED', `${could} ${rest}`, { retryAfter: 1 });
  }
  const rest = `${of} has ${inWords(left)} left; ${anew}. Name a smaller maximum for the answer.`;
  return new GatewayError('BUDGET_EXCEEDED', `${could} ${rest}`, { retryAfter });
}

function inWords(nano: NanoDollars): string {
  return `${Number(toDollars(nano).toFixed(6))} USD`;
}
