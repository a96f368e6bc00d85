/**
 * From the start of the process to its first answer, with an empty data folder, and what it then holds. The launcher keeps
 * compiled code; the very first start, which has none yet, is shown beside the others.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import type { Start } from '../children.ts';
import type { Figure } from '../figure.ts';
import { HttpLane, toBytes } from '../load/http-lane.ts';
import { memoryOf } from '../processor.ts';
import { interleave, paired } from '../rounds.ts';

const health = toBytes({ method: 'GET', path: '/health' });
const patienceMs = 15_000;
const idleMs = 500;

interface Started {
  seconds: number;
  megabytes: number;
}

export async function measureStart(bench: Bench): Promise<Figure[]> {
  let count = 0;
  const serve = async (environment: Readonly<Record<string, string>>) => {
    count += 1;
    const port = await freePort();
    const own = await bench.gatewayEnvironment(`gateway-start-${count}`);
    return start(bench, {
      name: 'gateway-start',
      program: 'src/cli/gateway.mjs',
      arguments: ['serve'],
      environment: { ...own, ...environment, GATEWAY_PORT: String(port) },
      port,
    });
  };
  await serve({});
  const samples = await interleave(bench.effort.starts, {
    ours: () => serve({}),
    first: () => serve({ NODE_DISABLE_COMPILE_CACHE: '1' }),
    async express() {
      const port = await freePort();
      return start(bench, { name: 'express', program: 'express-json.ts', arguments: ['--port', String(port)], port });
    },
  });
  const seconds = (name: 'ours' | 'first' | 'express') => samples(name).map((started) => started.seconds);
  const megabytes = (name: 'ours' | 'first' | 'express') => samples(name).map((started) => started.megabytes);
  return [
    {
      name: 'start to first answer',
      unit: 's',
      ours: seconds('ours'),
      floor: { name: 'express-json', values: seconds('express') },
      ratio: paired(samples('ours'), samples('express'), (a: Started, b: Started) => a.seconds / b.seconds),
      bound: { on: 'ours', better: 'lower', must: 0.5, goal: 0.35, floorThen: 0.21 },
    },
    { name: 'start to first answer, the very first time', unit: 's', ours: seconds('first') },
    {
      name: 'idle memory',
      unit: 'MB',
      ours: megabytes('ours'),
      floor: { name: 'express-json', values: megabytes('express') },
      bound: { on: 'ours', better: 'lower', must: 120, goal: 100 },
    },
    { name: 'idle memory, the very first time', unit: 'MB', ours: megabytes('first') },
  ];
}

async function start(bench: Bench, program: Start & { port: number }): Promise<Started> {
  const begun = performance.now();
  const child = bench.children.launch(program);
  await firstAnswer(program.port, begun + patienceMs);
  const seconds = (performance.now() - begun) / 1000;
  await wait(idleMs);
  const megabytes = memoryOf(child.pid ?? 0) / 1024 / 1024;
  await bench.children.end(child);
  return { seconds, megabytes };
}

async function firstAnswer(port: number, deadline: number): Promise<void> {
  for (;;) {
    if (performance.now() > deadline) throw new Error('a started server does not answer');
    try {
      const lane = await HttpLane.open(port);
      const good = await new Promise((resolve) => lane.send(health, resolve));
      lane.close();
      if (good) return;
    } catch {
      // Nobody listens yet.
    }
    await wait(1);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('no free port');
  return address.port;
}
