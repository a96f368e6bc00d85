import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { Clock } from '../../core/ports/clock.ts';
import type { Limiter, LimitState } from '../../core/ports/limiter.ts';

/** Counters of one process, kept by the library; reserving and settling on top of them are ours. */
export function createMemoryLimiter(clock: Clock): Limiter {
  const windows = new Map<number, RateLimiterMemory>();

  /** The library binds limit and window to an instance; we bind the window only, because each key has a limit of its own. */
  function counters(windowMs: number): RateLimiterMemory {
    const existing = windows.get(windowMs);
    if (existing) return existing;
    const created = new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: windowMs / 1000 });
    windows.set(windowMs, created);
    return created;
  }

  function stateOf(result: RateLimiterRes | null, limit: number, windowMs: number): LimitState {
    const used = result?.consumedPoints ?? 0;
    return {
      limit,
      remaining: Math.max(0, limit - used),
      resetAt: clock.now() + Math.max(0, result?.msBeforeNext ?? windowMs),
    };
  }

  return {
    async reserve(counter, points, limit, windowMs) {
      const counts = counters(windowMs);
      const result = await counts.penalty(counter, points);
      const granted = result.consumedPoints <= limit;
      // What was refused is given back, so that a smaller wish may still fit.
      const now = granted ? result : await counts.reward(counter, points);
      const state = stateOf(now, limit, windowMs);
      return {
        ...state,
        granted,
        settle(used) {
          if (!granted || used === points || clock.now() >= state.resetAt) return;
          void (used > points ? counts.penalty(counter, used - points) : counts.reward(counter, points - used));
        },
      };
    },
    async peek(counter, limit, windowMs) {
      return stateOf(await counters(windowMs).get(counter), limit, windowMs);
    },
  };
}
