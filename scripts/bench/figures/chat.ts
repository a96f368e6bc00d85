/** What one answered chat costs in processor time, under load. Everything is in it: key, limit, contract, store, log. */
import { adminKey, type Bench, instant } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { ClosedLoop, type Slice } from '../load/closed-loop.ts';
import { toBytes } from '../load/http-lane.ts';
import { chatRequest } from '../payloads.ts';
import { interleave, paired } from '../rounds.ts';

const connections = 32;
const body = chatRequest({ model: instant, stream: false });
export const chat = toBytes({ method: 'POST', path: '/api/v1/chat', body, key: adminKey });

export async function measureChat(bench: Bench): Promise<Figure[]> {
  const { rounds, sliceMs, warmUpRequests } = bench.effort;
  const servers = [
    await bench.gateway({ name: 'gateway' }),
    await bench.floor('express-json'),
    await bench.floor('raw-json'),
    await bench.floor('raw-store'),
  ];
  const [ours, express, raw, store] = await Promise.all(
    servers.map((server) => ClosedLoop.open(server, connections, () => chat)),
  );
  if (!ours || !express || !raw || !store) throw new Error('a target is missing');
  for (const loop of [ours, express, raw, store]) await loop.warmUp(warmUpRequests);
  const samples = await interleave(rounds * 3, {
    ours: () => ours.run(sliceMs / 3),
    express: () => express.run(sliceMs / 3),
    raw: () => raw.run(sliceMs / 3),
    store: () => store.run(sliceMs / 3),
  });
  for (const loop of [ours, express, raw, store]) loop.close();
  for (const server of servers) await server.stop();

  const costs = (name: 'ours' | 'express' | 'raw' | 'store') => samples(name).map(({ cost }) => cost);
  const share = (a: Slice, b: Slice) => b.cost / a.cost;
  const times = (a: Slice, b: Slice) => a.cost / b.cost;
  return [
    {
      name: 'JSON chat, CPU: bare Express proxy ÷ ours',
      unit: 'µs',
      ours: costs('ours'),
      floor: { name: 'express-json', values: costs('express') },
      ratio: paired(samples('ours'), samples('express'), share),
      bound: { on: 'ratio', better: 'higher', must: 0.75, goal: 0.9 },
    },
    {
      name: 'JSON chat, CPU a request; ours ÷ the work alone',
      unit: 'µs',
      ours: costs('ours'),
      floor: { name: 'raw-json', values: costs('raw') },
      ratio: paired(samples('ours'), samples('raw'), times),
      bound: { on: 'ours', better: 'lower', must: 120, goal: 95, floorThen: 55 },
    },
    {
      name: 'JSON chat, CPU; ours ÷ the work and two stored rows',
      unit: 'µs',
      ours: costs('ours'),
      floor: { name: 'raw-store', values: costs('store') },
      ratio: paired(samples('ours'), samples('store'), times),
    },
  ];
}
