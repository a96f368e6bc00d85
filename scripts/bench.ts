/**
 * `npm run bench`: measures the gateway against floors on this machine, in one interleaved run, and prints what it must
 * reach beside what it reaches. Exits with 1 when a figure misses what it must. It starts and ends all that it needs;
 * see `bench/rounds.ts` and `bench/processor.ts` for how it counts. `--only chat,streams` measures some, `--quick` takes
 * three minutes, `--profile <folder>` has Node write processor profiles of the gateways.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Bench, type Effort } from './bench/bench.ts';
import type { Figure } from './bench/figure.ts';
import { judge } from './bench/figure.ts';
import { measureChat } from './bench/figures/chat.ts';
import { measureForward } from './bench/figures/forward.ts';
import { measureKeys, measureOperations, measureSessions } from './bench/figures/growth.ts';
import { measureLatency } from './bench/figures/latency.ts';
import { measureSockets } from './bench/figures/sockets.ts';
import { measureStart } from './bench/figures/start.ts';
import { measureStreams } from './bench/figures/streams.ts';
import { measureVersions } from './bench/figures/versions.ts';
import { takeCores } from './bench/processor.ts';
import { toJson, toTable } from './bench/report.ts';
import { median } from './bench/rounds.ts';

const measurements: Readonly<Record<string, (bench: Bench) => Promise<Figure[]>>> = {
  chat: measureChat,
  forward: measureForward,
  latency: measureLatency,
  streams: measureStreams,
  sockets: measureSockets,
  start: measureStart,
  sessions: measureSessions,
  keys: measureKeys,
  operations: measureOperations,
  versions: measureVersions,
};

const thorough: Effort = { rounds: 7, sliceMs: 1000, warmUpRequests: 30_000, sockets: 10_000, starts: 5 };
const quick: Effort = { rounds: 3, sliceMs: 300, warmUpRequests: 3000, sockets: 10_000, starts: 2 };
const longestMs = 12 * 60_000;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    json: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});

process.exitCode = await main().catch((error: unknown) => give(String(error)));

async function main(): Promise<number> {
  if (process.platform !== 'linux') {
    process.stderr.write('The bench reads processor time from /proc, so it runs on Linux only.\n');
    return 2;
  }
  const wanted = values.only?.flatMap((names) => names.split(',')) ?? Object.keys(measurements);
  const unknown = wanted.filter((name) => !Object.hasOwn(measurements, name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no ${unknown.join(', ')}. There are ${Object.keys(measurements).join(', ')}.\n`);
    return 2;
  }
  const effort = effortOf();
  const cores = takeCores();
  const folder = mkdtempSync(join(tmpdir(), 'gateway-bench-'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
  setTimeout(() => give('it took too long'), longestMs).unref();

  const bench = new Bench(effort, folder, cores, values.profile);
  // After the bench's own handler, which ends whoever still writes there.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const figures: Figure[] = [];
  for (const name of wanted) {
    const started = performance.now();
    process.stderr.write(`${name} … `);
    figures.push(...((await measurements[name]?.(bench)) ?? []));
    process.stderr.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  }
  await bench.end();
  const about: About = {
    node: process.version,
    rounds: effort.rounds,
    pinned: cores !== undefined,
    load: loadavg()[1] ?? 0,
    included: 'info log to a file, SQLite in the temporary folder, metrics, limits, keys; conformance off',
  };
  process.stdout.write(values.json ? toJson(figures, about) : `${toTable(figures)}\n${describe(about)}\n`);
  return figures.some((figure) => judge(figure, median) === 'MISSED') ? 1 : 0;
}

function effortOf(): Effort {
  const effort = values.quick ? quick : thorough;
  const rounds = Number(values.rounds ?? effort.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) give('--rounds takes a whole number of at least 1');
  return { ...effort, rounds };
}

interface About {
  node: string;
  rounds: number;
  pinned: boolean;
  /** Of the last five minutes. The bench itself keeps two cores busy. */
  load: number;
  included: string;
}

function describe({ node, rounds, pinned, load, included }: About): string {
  const where = pinned
    ? 'servers alone on one core, load and upstream on another'
    : 'not pinned to cores, so expect more noise';
  return [
    `Node ${node}, medians of ${rounds} rounds (lowest–highest); ${where}.`,
    `CPU is that of the whole process. In it: ${included}.`,
    'A bound in seconds was set on another machine. `ratio`: above it, and within it as a ratio to the floor beside it.',
    ...(load > 3 ? [`The machine was busy (load ${load.toFixed(1)}): microseconds are too many, ratios less so.`] : []),
    ...(values.quick ? ['Quick: the code is not yet as fast as it gets. Believe ratios, and those not much.'] : []),
  ].join('\n');
}

function give(why: string): never {
  process.stderr.write(`The bench gave up: ${why}.\n`);
  process.exit(2);
}
