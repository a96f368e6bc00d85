/**
 * Keeps requests away from what does not work: five failures in a row open it for 30 s, each failed probe for 30 s
 * longer, up to 300 s; then one request is let through to see (Envoy's outlier detection, `outlier_detection.proto`).
 */
export interface Breaker {
  readonly state: BreakerState;
  /** Milliseconds until the next request may go through; 0 when one may now. */
  waitMs(): number;
  /** Lets a request through; while half open only one. Each one that goes through ends with one of the three below. */
  enter(): boolean;
  succeeded(): void;
  failed(): void;
  /** It ended without telling anything, such as when its client left. */
  abandoned(): void;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

const failuresToOpen = 5;
const baseMs = 30_000;
const capMs = 300_000;
/** While a probe is under way, others are told to come back so soon. */
const probeMs = 1000;

export function createBreaker(now: () => number): Breaker {
  let failures = 0;
  let openings = 0;
  let openUntil = 0;
  let isProbing = false;

  function open(): void {
    openings += 1;
    openUntil = now() + Math.min(capMs, baseMs * openings);
  }

  return {
    get state() {
      if (openings === 0) return 'closed';
      return now() < openUntil ? 'open' : 'half-open';
    },
    waitMs() {
      if (openings === 0) return 0;
      return Math.max(openUntil - now(), isProbing ? probeMs : 0);
    },
    enter() {
      if (openings === 0) return true;
      if (isProbing || now() < openUntil) return false;
      isProbing = true;
      return true;
    },
    succeeded() {
      failures = 0;
      openings = 0;
      isProbing = false;
    },
    failed() {
      failures += 1;
      // A failure of a request from before the opening is no news.
      if (openings > 0 ? isProbing : failures >= failuresToOpen) open();
      isProbing = false;
    },
    abandoned() {
      isProbing = false;
    },
  };
}
