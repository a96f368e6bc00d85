/**
 * What a run costs its key: limits and budget are reserved before it and settled after it, in one place for all ways to
 * start one. A key without such limits pays nothing for them, not even a promise.
 */
import { type BudgetReservation, type Budgets, createBudgets, type Spent } from './budgets.ts';
import type { Limits } from './limits.ts';
import type { LimitState } from './ports/limiter.ts';
import type { StoredKey } from './ports/store.ts';
import type { UsageStore } from './ports/usage-store.ts';
import { createPrices, type NanoDollars, type Price, type Prices } from './prices.ts';
import type { Budget, Principal } from './principal.ts';
import type { Run } from './run.ts';
import type { RunReservation } from './run-limits.ts';

export interface Spending {
  /** Before the run: throws `RATE_LIMITED` or `BUDGET_EXCEEDED`. Whoever got a `Spend` has to settle it. */
  begin(principal: Principal, wish: RunWish): Promise<Spend> | Spend;
  /** What a key spent of its budget; undefined when it has none. */
  spentOf(key: StoredKey): Promise<Spent | undefined>;
}

export interface RunWish {
  /** As the request names it. */
  model: string;
  /** Who may answer it. */
  candidates: readonly Answerer[];
  /** An estimate, only asked for where something is limited. */
  inputTokens(): number;
  /** What the request named as the longest answer. */
  maxOutputTokens?: number | undefined;
}

/** A model at a provider. */
export interface Answerer {
  provider: { readonly name: string };
  /** The model's name at that provider. */
  model: string;
}

export interface Spend {
  /** Of the limit on tokens with the least left, for headers; undefined where none holds. */
  readonly tokens: LimitState | undefined;
  /**
   * When the run is over, whatever became of it: gives back what was not used, counts the budget and answers the cost,
   * to be stored with the run's usage; undefined where there was no usage or its price is not known. The first call
   * counts. `answered` is who did, if somebody began to.
   */
  settle(run: EndedRun, answered: Answerer | undefined): NanoDollars | undefined;
}

export type EndedRun = Pick<Run, 'usage' | 'error' | 'endedAt' | 'attempts'>;

export interface SpendingParts {
  limits: Pick<Limits, 'reserveRun'>;
  store: UsageStore;
  now: () => number;
}

export interface SpendingSettings {
  /** By `provider/model`. */
  prices: Readonly<Record<string, Price>>;
  /** By a name that requests give, and by `provider/model`: the longest answer to expect where a request names none. */
  answerBounds: Readonly<Record<string, number>>;
  /** Of keys that have none of their own. */
  budget?: Budget;
}

/** Of models that nobody said anything about. */
const defaultBound = 4096;

export function createSpending(parts: SpendingParts, settings: SpendingSettings): Spending {
  const { limits, store, now } = parts;
  const prices = createPrices(settings.prices);
  const budgets = createBudgets(store, now);
  const bounds = new Map(Object.entries(settings.answerBounds));

  const costOf = ({ usage }: EndedRun, answered: Answerer | undefined): NanoDollars | undefined =>
    usage && answered && prices.costOf(answered.provider.name, answered.model, usage);

  /** Shared by all runs that nothing is reserved for: it holds nothing of them. */
  const unlimited: Spend = { tokens: undefined, settle: costOf };

  function boundOf({ model, candidates, maxOutputTokens }: RunWish): number {
    const named = maxOutputTokens ?? bounds.get(model);
    if (named !== undefined) return named;
    const own = candidates.map(
      ({ provider, model: name }) => bounds.get(`${provider.name}/${name}`) ?? bounds.get(name) ?? defaultBound,
    );
    return Math.max(...own, own.length === 0 ? defaultBound : 0);
  }

  async function reserve(principal: Principal, wish: RunWish): Promise<Spend> {
    const inputTokens = wish.inputTokens();
    const outputTokens = boundOf(wish);
    const totalTokens = inputTokens + outputTokens;
    const most = mostOf(prices, wish.candidates, { inputTokens, outputTokens, totalTokens });
    const paid = await reserveBudget(budgets, principal, most);
    let held: RunReservation;
    try {
      held = await limits.reserveRun(principal, wish.model, { inputTokens, outputTokens });
    } catch (error) {
      paid?.settle(0, now());
      throw error;
    }
    return {
      tokens: held.tokens,
      settle(run, answered) {
        const cost = costOf(run, answered);
        held.settle(run.usage?.totalTokens ?? (wasLeft(run) ? inputTokens : 0));
        paid?.settle(cost ?? 0, run.endedAt ?? now());
        return cost;
      },
    };
  }

  return {
    begin: (principal, wish) => (isLimited(principal, wish.model) ? reserve(principal, wish) : unlimited),
    async spentOf({ id, user, limits: own }) {
      const budget = own.budget ?? settings.budget;
      return budget && budgets.spent({ keyId: id, user }, budget);
    },
  };
}

function isLimited({ limits }: Principal, model: string): boolean {
  if (limits.tokensPerMinute !== undefined || limits.concurrentRuns !== undefined) return true;
  if (limits.budget !== undefined) return true;
  return limits.models !== undefined && Object.hasOwn(limits.models, model);
}

/** A client that leaves before the first word has made a provider read its question all the same. */
function wasLeft({ error, attempts }: EndedRun): boolean {
  return error?.code === 'CLIENT_CLOSED' && attempts > 0;
}

/** Of those whose price is known, the dearest; undefined when none is. */
function mostOf(
  prices: Prices,
  candidates: readonly Answerer[],
  usage: Parameters<Prices['costOf']>[2],
): NanoDollars | undefined {
  let most: NanoDollars | undefined;
  for (const { provider, model } of candidates) {
    const cost = prices.costOf(provider.name, model, usage);
    if (cost !== undefined) most = Math.max(most ?? 0, cost);
  }
  return most;
}

async function reserveBudget(
  budgets: Budgets,
  { keyId, user, limits: { budget } }: Principal,
  cost: NanoDollars | undefined,
): Promise<BudgetReservation | undefined> {
  if (!budget || keyId === undefined) return undefined;
  return budgets.reserve({ keyId, user }, budget, cost);
}
