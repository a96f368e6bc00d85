/** One measured figure beside what it must reach. */
export interface Figure {
  name: string;
  unit: 'µs' | 'ms' | 's' | 'KB' | 'MB';
  /** One value a round; the figure is their median. */
  ours: readonly number[];
  floor?: { name: string; values: readonly number[] };
  /** One a round, where the floor is what we are held against. */
  ratio?: readonly number[];
  bound?: Bound;
}

export interface Bound {
  /** What of the figure is judged. */
  on: 'ours' | 'ratio';
  better: 'higher' | 'lower';
  must: number;
  goal: number;
  /**
   * What the floor took where a bound in seconds was set. On a slower machine ours may take as much more than the bound
   * as the floor does: what is to be reached is reached as a ratio.
   */
  floorThen?: number;
}

/** `ratio`: above the bound, and within it as a ratio to the floor. */
export type Verdict = 'goal' | 'must' | 'ratio' | 'MISSED' | '';

export function judge({ ours, ratio = [], bound }: Figure, median: (values: readonly number[]) => number): Verdict {
  if (!bound) return '';
  const value = median(bound.on === 'ours' ? ours : ratio);
  const reaches = (wanted: number) => (bound.better === 'higher' ? value >= wanted : value <= wanted);
  if (reaches(bound.goal)) return 'goal';
  if (reaches(bound.must)) return 'must';
  return median(ratio) <= mostTimes(bound) ? 'ratio' : 'MISSED';
}

/** How many times the floor the bound was, where it was set. */
export function mostTimes({ on, must, floorThen }: Bound): number {
  return on === 'ours' && floorThen !== undefined ? must / floorThen : Number.NaN;
}
