/**
 * Rounds: all targets are alive at once and take turns, A B C, then C B A, so that what else happens on the machine
 * meets all of them alike. Figures are medians of rounds, and ratios are made within one round.
 */
export type SamplesOf<Name extends string, Sample> = (name: Name) => readonly Sample[];

export async function interleave<Name extends string, Sample>(
  rounds: number,
  targets: Readonly<Record<Name, () => Promise<Sample>>>,
): Promise<SamplesOf<Name, Sample>> {
  const order = Object.entries<() => Promise<Sample>>(targets);
  const samples = new Map<string, Sample[]>(order.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, measure] of round % 2 === 0 ? order : order.toReversed()) {
      samples.get(name)?.push(await measure());
    }
  }
  return (name) => samples.get(name) ?? [];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return (low + high) / 2;
}

/** What `combine` makes of two targets' samples of the same round. */
export function paired<Sample>(
  ours: readonly Sample[],
  floor: readonly Sample[],
  combine: (ours: Sample, floor: Sample) => number,
): number[] {
  return ours.flatMap((sample, round) => {
    const other = floor[round];
    return other === undefined ? [] : [combine(sample, other)];
  });
}
