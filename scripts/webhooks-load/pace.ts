import { setTimeout as sleep } from 'node:timers/promises';

/** Calls so often a second for so long, whatever the calls take, and answers how long each took, shortest first. */
export async function pace(rate: number, seconds: number, call: (index: number) => Promise<void>): Promise<number[]> {
  const total = rate * seconds;
  const took: number[] = [];
  const going: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let index = 0; index < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * rate) + 1);
    for (; index < due; index += 1) going.push(measure(index));
    await sleep(1);
  }
  await Promise.all(going);
  return took.sort((a, b) => a - b);

  async function measure(index: number): Promise<void> {
    // From when it was due, so that a late start counts as waiting.
    const from = startedAt + (index / rate) * 1000;
    await call(index);
    took.push(performance.now() - from);
  }
}

export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
