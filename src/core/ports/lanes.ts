import type { Signal } from './signal.ts';

/** One lane a session: the turns of a session run one after another, those of different sessions side by side. */
export interface Lanes {
  /**
   * Waits for its turn in the lane and returns the function that ends it. Rejects with the signal's reason when the
   * signal aborts first; the place in the lane is then given up.
   */
  enter(lane: string, signal: Signal): Promise<() => void>;
}
