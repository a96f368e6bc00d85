import type { Random } from './ports/random.ts';

/** Full jitter: anything up to a bound that doubles with each try, so that many who failed together do not return together. */
export function backoffMs(random: Random, attempts: number, baseMs: number, capMs: number): number {
  return Math.floor(random.fraction() * Math.min(capMs, baseMs * 2 ** Math.max(0, attempts - 1)));
}
