/** What a request costs that the provider gets in the client's own words: through `/v1/chat/completions`. */
import { adminKey, type Bench, instant } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { ClosedLoop, type Slice } from '../load/closed-loop.ts';
import { toBytes } from '../load/http-lane.ts';
import { completionRequest } from '../payloads.ts';
import { interleave, paired } from '../rounds.ts';

const connections = 32;
const body = completionRequest({ model: instant, stream: false });
const request = toBytes({ method: 'POST', path: '/v1/chat/completions', body, key: adminKey });

export async function measureForward(bench: Bench): Promise<Figure[]> {
  const { rounds, sliceMs, warmUpRequests } = bench.effort;
  const gateway = await bench.gateway({ name: 'gateway-forward' });
  const floor = await bench.floor('raw-forward');
  const ours = await ClosedLoop.open(gateway, connections, () => request);
  const raw = await ClosedLoop.open(floor, connections, () => request);
  for (const loop of [ours, raw]) await loop.warmUp(warmUpRequests);
  const samples = await interleave(rounds * 3, {
    ours: () => ours.run(sliceMs / 3),
    raw: () => raw.run(sliceMs / 3),
  });
  for (const loop of [ours, raw]) loop.close();
  for (const server of [gateway, floor]) await server.stop();

  const costs = (name: 'ours' | 'raw') => samples(name).map(({ cost }) => cost);
  return [
    {
      name: 'pass-through, CPU: raw proxy that parses ÷ ours',
      unit: 'µs',
      ours: costs('ours'),
      floor: { name: 'raw-forward', values: costs('raw') },
      ratio: paired(samples('ours'), samples('raw'), (a: Slice, b: Slice) => b.cost / a.cost),
      bound: { on: 'ratio', better: 'higher', must: 0.6, goal: 0.75 },
    },
  ];
}
