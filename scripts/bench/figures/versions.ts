/** What it costs to speak v1 where the core speaks v2: the pure functions alone. */
import type { Bench } from '../bench.ts';
import type { Figure } from '../figure.ts';

export async function measureVersions(bench: Bench): Promise<Figure[]> {
  const told = await bench.children.ask({ name: 'version-cost', program: 'version-cost.ts' });
  return [
    {
      name: 'v1 in place of v2, a request and its answer',
      unit: 'µs',
      ours: numbersIn(told, 'request'),
      bound: { on: 'ours', better: 'lower', must: 3, goal: 3 },
    },
    {
      name: 'v1 in place of v2, a stream event',
      unit: 'µs',
      ours: numbersIn(told, 'event'),
      bound: { on: 'ours', better: 'lower', must: 1, goal: 1 },
    },
  ];
}

function numbersIn(told: object, name: string): number[] {
  const found = Object.entries(told).find(([member]) => member === name)?.[1];
  if (!Array.isArray(found)) throw new Error(`nothing was told of ${name}`);
  return found.map(Number);
}
