import type { Clock } from '../../src/core/ports/clock.ts';
import type { Limiter } from '../../src/core/ports/limiter.ts';

/** Windows by the clock it is given: with one that a test turns, what is left and until when is the same in every run. */
export function createHandLimiter(clock: Clock): Limiter {
  const windows = new Map<string, { used: number; resetAt: number }>();
  const held = new Map<string, number>();

  function windowOf(counter: string, windowMs: number): { used: number; resetAt: number } {
    const known = windows.get(`${counter} ${windowMs}`);
    if (known && known.resetAt > clock.now()) return known;
    return { used: 0, resetAt: clock.now() + windowMs };
  }

  return {
    reserve(counter, points, limit, windowMs) {
      const window = windowOf(counter, windowMs);
      windows.set(`${counter} ${windowMs}`, window);
      const granted = window.used + points <= limit;
      if (granted) window.used += points;
      return {
        granted,
        limit,
        remaining: limit - window.used,
        resetAt: window.resetAt,
        // What is given back into a window that is over changes nothing: the next one is another object.
        settle(used) {
          if (granted) window.used += used - points;
        },
      };
    },
    peek(counter, limit, windowMs) {
      const { used, resetAt } = windowOf(counter, windowMs);
      return { limit, remaining: limit - used, resetAt };
    },
    hold(counter, limit) {
      const running = held.get(counter) ?? 0;
      if (running >= limit) return { granted: false, release() {} };
      held.set(counter, running + 1);
      let isHeld = true;
      return {
        granted: true,
        release() {
          if (isHeld) held.set(counter, (held.get(counter) ?? 1) - 1);
          isHeld = false;
        },
      };
    },
  };
}
