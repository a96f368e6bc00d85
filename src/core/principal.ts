/** Who a run, a read or a change is done for. A request's comes from its key, a webhook's from its channel's settings. */
export interface Principal {
  user: string;
  scopes: readonly Scope[];
  limits: PrincipalLimits;
  /** The name its limits are counted under, the same on every transport. */
  account: string;
  keyId?: string;
  /** Hash of the secret that was shown: a rotation ends what was opened with the secret before. Never logged. */
  credential?: string;
  /** Models it may use; absent means all. */
  models?: readonly string[];
  /** The version of the contract that its key is pinned to. */
  apiVersion?: string;
}

/** What is absent is not limited. */
export interface ModelLimits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly concurrentRuns?: number;
}

export interface PrincipalLimits extends ModelLimits {
  readonly requestsPerMinute: number;
  /** By the name that requests give; they hold beside the others. */
  readonly models?: Readonly<Record<string, ModelLimits>>;
  /** Only a stored key has one. */
  readonly budget?: Budget;
}

/** What is absent takes the configured default. */
export type KeyLimits = Partial<PrincipalLimits>;

export interface Budget {
  /** US dollars. */
  readonly amount: number;
  /** Of the calendar, in UTC. */
  readonly period: 'day' | 'month';
}

export const scopes = ['chat', 'sessions', 'channels', 'webhooks', 'status', 'usage', 'keys', 'admin'] as const;

export type Scope = (typeof scopes)[number];

/** True when the principal has every one of these scopes; `admin` has all. */
export function hasScopes({ scopes: own }: Principal, needed: readonly string[]): boolean {
  return own.includes('admin') || needed.every((scope) => own.some((one) => one === scope));
}
