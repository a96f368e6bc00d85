import type { RateLimiterRes } from 'rate-limiter-flexible';
import MemoryStorage from 'rate-limiter-flexible/lib/component/MemoryStorage/MemoryStorage.js';
import type { Clock } from '../../core/ports/clock.ts';
import type { Hold, Limiter } from '../../core/ports/limiter.ts';

/** Counters of one process, kept by the library; reserving and settling on top of them are ours. */
export function createMemoryLimiter(clock: Clock): Limiter {
  const windows = new Map<number, MemoryStorage>();
  const held = new Map<string, number>();

  function counters(windowMs: number): MemoryStorage {
    const existing = windows.get(windowMs);
    if (existing) return existing;
    const created = new MemoryStorage();
    windows.set(windowMs, created);
    return created;
  }

  return {
    reserve(counter, points, limit, windowMs) {
      const counts = counters(windowMs);
      const seconds = windowMs / 1000;
      const now = clock.now();
      const result = counts.incrby(counter, points, seconds);
      const resetAt = now + result.msBeforeNext;
      const granted = result.consumedPoints <= limit;
      // What was refused is given back, so that a smaller wish may still fit.
      const left = granted || clock.now() >= resetAt ? result : counts.incrby(counter, -points, seconds);
      return {
        limit,
        remaining: remainingOf(left, limit),
        resetAt,
        granted,
        settle(used) {
          // After its end nothing is given back: the next window would begin with it.
          if (!granted || used === points || clock.now() >= resetAt) return;
          counts.incrby(counter, used - points, seconds);
        },
      };
    },
    peek(counter, limit, windowMs) {
      const now = clock.now();
      const found = counters(windowMs).get(counter);
      // The library forgets by a timer, which may be late.
      const result = found && found.msBeforeNext > 0 ? found : null;
      return { limit, remaining: remainingOf(result, limit), resetAt: now + (result?.msBeforeNext ?? windowMs) };
    },
    hold(counter, limit) {
      const before = held.get(counter) ?? 0;
      if (before >= limit) return refused;
      held.set(counter, before + 1);
      let isHeld = true;
      return {
        granted: true,
        release() {
          if (!isHeld) return;
          isHeld = false;
          const left = (held.get(counter) ?? 1) - 1;
          if (left === 0) held.delete(counter);
          else held.set(counter, left);
        },
      };
    },
  };
}

function remainingOf(result: RateLimiterRes | null, limit: number): number {
  return Math.max(0, limit - (result?.consumedPoints ?? 0));
}

const refused: Hold = { granted: false, release() {} };
