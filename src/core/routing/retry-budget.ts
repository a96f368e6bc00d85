/**
 * How many retries a target gets: a fifth of its first tries over ten seconds, and three besides, so that retries can
 * never make an outage worse (Envoy's `retry_budget`, 20 % with a floor of 3).
 */
export interface RetryBudget {
  /** Counts a first try. */
  firstTry(): void;
  /** Counts a retry when there may be one. */
  takeRetry(): boolean;
}

const ratio = 0.2;
const floor = 3;
const windowMs = 10_000;
const slotMs = 100;
/** One slot more than the window, so that what is counted is never less than what lies in it. */
const slots = windowMs / slotMs + 1;

export function createRetryBudget(now: () => number): RetryBudget {
  const firsts = new Uint32Array(slots);
  const retries = new Uint32Array(slots);
  let firstCount = 0;
  let retryCount = 0;
  let newest = Math.floor(now() / slotMs);

  /** Forgets the slots that the window has left behind, and answers the place of the present one. */
  function advance(): number {
    const present = Math.floor(now() / slotMs);
    const passed = Math.min(slots, present - newest);
    for (let step = 1; step <= passed; step += 1) {
      const place = (newest + step) % slots;
      firstCount -= firsts[place] ?? 0;
      retryCount -= retries[place] ?? 0;
      firsts[place] = 0;
      retries[place] = 0;
    }
    // A clock that was set back counts into the newest slot until it has caught up.
    newest = Math.max(newest, present);
    return newest % slots;
  }

  return {
    firstTry() {
      const place = advance();
      firsts[place] = (firsts[place] ?? 0) + 1;
      firstCount += 1;
    },
    takeRetry() {
      const place = advance();
      if (retryCount + 1 > firstCount * ratio + floor) return false;
      retries[place] = (retries[place] ?? 0) + 1;
      retryCount += 1;
      return true;
    },
  };
}
