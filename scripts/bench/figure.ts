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
}

export type Verdict = 'goal' | 'must' | 'MISSED' | '';

export function judge({ ours, ratio, bound }: Figure, median: (values: readonly number[]) => number): Verdict {
  if (!bound) return '';
  const value = median(bound.on === 'ours' ? ours : (ratio ?? []));
  const reaches = (wanted: number) => (bound.better === 'higher' ? value >= wanted : value <= wanted);
  if (reaches(bound.goal)) return 'goal';
  return reaches(bound.must) ? 'must' : 'MISSED';
}
