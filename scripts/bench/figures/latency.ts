/** What a chat waits longer for because we stand between: one connection, hot, against the upstream itself. */
import { adminKey, type Bench, instant } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { ClosedLoop, type Server, type Slice } from '../load/closed-loop.ts';
import { toBytes } from '../load/http-lane.ts';
import { completionRequest } from '../payloads.ts';
import { interleave, paired } from '../rounds.ts';
import { chat } from './chat.ts';

const ask = {
  method: 'POST' as const,
  path: '/v1/chat/completions',
  body: completionRequest({ model: instant, stream: false }),
};
const completion = toBytes(ask);
const passed = toBytes({ ...ask, key: adminKey });

/** With many connections at once, because one alone takes its time. */
async function warmUp(server: Server, requests: number, request = chat): Promise<void> {
  const loop = await ClosedLoop.open(server, 32, () => request);
  await loop.warmUp(requests);
  loop.close();
}

export async function measureLatency(bench: Bench): Promise<Figure[]> {
  const { rounds, sliceMs, warmUpRequests } = bench.effort;
  const gateway = await bench.gateway({ name: 'gateway-latency' });
  const floor = await bench.floor('raw-json');
  const direct = await ClosedLoop.open(await bench.upstream(), 1, () => completion);
  const ours = await ClosedLoop.open(gateway, 1, () => chat);
  const through = await ClosedLoop.open(gateway, 1, () => passed);
  const raw = await ClosedLoop.open(floor, 1, () => chat);
  for (const server of [gateway, floor]) await warmUp(server, warmUpRequests);
  await warmUp(gateway, warmUpRequests, passed);
  const samples = await interleave(rounds, {
    direct: () => direct.run(sliceMs / 2),
    ours: () => ours.run(sliceMs),
    through: () => through.run(sliceMs),
    raw: () => raw.run(sliceMs),
  });
  for (const loop of [direct, ours, through, raw]) loop.close();
  await gateway.stop();
  await floor.stop();
  const added = (of: 'ours' | 'through' | 'raw') =>
    paired(samples(of), samples('direct'), (a: Slice, b: Slice) => a.latency - b.latency);
  const figure = (name: string, of: 'ours' | 'through'): Figure => ({
    name,
    unit: 'ms',
    ours: added(of),
    floor: { name: 'raw-json', values: added('raw') },
    ratio: paired(added(of), added('raw'), (a, b) => a / b),
    bound: { on: 'ours', better: 'lower', must: 0.5, goal: 0.35, floorThen: 0.24 },
  });
  return [
    figure('added latency p50, hot, one connection', 'ours'),
    figure('pass-through, added latency p50, hot, one connection', 'through'),
  ];
}
