/** What a WebSocket holds that has authenticated and waits: the gateway's resident memory, after its garbage is gone. */
import { adminKey, type Bench } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { IdleSockets } from '../load/idle-sockets.ts';
import { memoryOf } from '../processor.ts';

const rehearsal = 200;

export async function measureSockets(bench: Bench): Promise<Figure[]> {
  const count = bench.effort.sockets;
  const gateway = await bench.gateway({ name: 'gateway-sockets' });
  const sockets = new IdleSockets();
  // Code that is loaded and compiled with the first connections is no connection's memory.
  await sockets.open(gateway.port, rehearsal, adminKey);
  await sockets.close();
  await gateway.collect();
  const before = memoryOf(gateway.pid);
  await sockets.open(gateway.port, count, adminKey);
  await gateway.collect();
  const held = memoryOf(gateway.pid) - before;
  await sockets.close();
  await gateway.stop();
  return [
    {
      name: `idle WebSocket, memory of each of ${count.toLocaleString('en')}`,
      unit: 'KB',
      ours: [held / count / 1024],
      bound: { on: 'ours', better: 'lower', must: 14, goal: 10 },
    },
  ];
}
