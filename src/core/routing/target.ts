import type { ProviderError } from '../errors.ts';
import { type BreakerState, createBreaker } from './breaker.ts';
import { createRetryBudget } from './retry-budget.ts';

/** A model at a provider, and how it has been lately. Routes that lead to the same one share it. */
export interface Target {
  readonly provider: string;
  readonly model: string;
  readonly state: TargetState;
  /** Milliseconds until it may be asked again; 0 when it may be now. */
  waitMs(): number;
  /** Takes a try, the first of a request or a later one; false when there may be none now. */
  take(isRetry: boolean): boolean;
  succeeded(): void;
  failed(error: ProviderError): void;
  /** A try ended without telling anything of the target. */
  abandoned(): void;
}

/** `cooling` after it asked for a pause. */
export type TargetState = BreakerState | 'cooling';

/** For a 429 that names no time. */
const defaultCooldownMs = 5000;

export function createTarget(provider: string, model: string, now: () => number): Target {
  const breaker = createBreaker(now);
  const budget = createRetryBudget(now);
  let coolUntil = 0;

  function waitMs(): number {
    return Math.max(breaker.waitMs(), coolUntil - now(), 0);
  }

  return {
    provider,
    model,
    get state() {
      return coolUntil > 0 && breaker.state === 'closed' && now() < coolUntil ? 'cooling' : breaker.state;
    },
    waitMs,
    take(isRetry) {
      if (coolUntil > 0 && waitMs() > 0) return false;
      if (!breaker.enter()) return false;
      if (!isRetry) {
        budget.firstTry();
        return true;
      }
      if (budget.takeRetry()) return true;
      breaker.abandoned();
      return false;
    },
    succeeded() {
      breaker.succeeded();
    },
    failed(error) {
      switch (error.kind) {
        case 'unavailable':
        case 'timeout':
        case 'malformed':
        case 'unauthorized':
          breaker.failed();
          break;
        case 'rate_limited':
          // It works, and says when it will again. Another of its keys may do at once.
          breaker.abandoned();
          if (error.shouldRetry !== true || error.retryAfterMs !== undefined)
            coolUntil = Math.max(coolUntil, now() + (error.retryAfterMs ?? defaultCooldownMs));
          break;
        case 'unsupported_parameter':
          // Mostly refused by our own mapping, before anything was sent.
          breaker.abandoned();
          break;
        case 'invalid_request':
        case 'context_too_long':
        case 'model_not_found':
          breaker.succeeded();
      }
    },
    abandoned() {
      breaker.abandoned();
    },
  };
}
