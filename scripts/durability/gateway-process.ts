import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Kill, readUnderWay } from './under-way.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'src/cli/gateway.mjs');
const patienceMs = 30_000;

/** A gateway that is a process of its own, on a data folder that outlives it. */
export interface GatewayProcess {
  /** Where it listens, once it does. */
  address(): Promise<string>;
  /** `kill -9`, and another one on the same data. Answers what the first was doing when it died. */
  killAndRestart(): Promise<Kill>;
  /** Of the process that runs now. */
  pid(): number;
  /** Reads as its administrator. */
  read(path: string): Promise<unknown>;
  close(): Promise<void>;
}

const adminKey = 'the-key-of-a-durability-trial';

export interface Place {
  /** An empty folder for its data; without one, one is made and taken away again. */
  home?: string;
  /** What stands before the command, such as a limit to what it may use. */
  prefix?: readonly string[];
}

export async function startGatewayProcess(settings: object, place: Place = {}): Promise<GatewayProcess> {
  const home = place.home ?? mkdtempSync(join(tmpdir(), 'gateway-durability-'));
  writeFileSync(join(home, 'gateway.json5'), JSON.stringify({ gateway: settings }));
  let child: ChildProcess | undefined;
  let address = start();
  process.on('exit', () => child?.kill('SIGKILL'));

  async function start(): Promise<string> {
    const [command = '', ...rest] = [...(place.prefix ?? []), process.execPath, program, 'serve', '--json'];
    const started = spawn(command, rest, {
      env: { PATH: process.env.PATH, HOME: home, GATEWAY_HOME: home, GATEWAY_PORT: '0', GATEWAY_ADMIN_KEY: adminKey },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    const said = readText(started.stderr);
    const timer = setTimeout(() => started.kill('SIGKILL'), patienceMs);
    const line = once(started.stdout, 'data').then(([bytes]) => String(bytes));
    const ended = once(started, 'exit').then(async () => Promise.reject(new Error(`the gateway ended: ${await said}`)));
    ended.catch(() => {});
    try {
      return JSON.parse(await Promise.race([line, ended])).address;
    } finally {
      clearTimeout(timer);
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child?.kill('SIGKILL'), patienceMs);
    await gone;
    clearTimeout(timer);
  }

  await address;
  return {
    address: () => address,
    async killAndRestart() {
      const dead = end('SIGKILL').then(() => ({ at: Date.now(), underWay: readUnderWay(home) }));
      address = dead.then(start);
      await address;
      return dead;
    },
    pid: () => child?.pid ?? 0,
    async read(path) {
      const answer = await fetch(new URL(path, await address), { headers: { authorization: `Bearer ${adminKey}` } });
      if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`);
      return answer.json();
    },
    async close() {
      await end('SIGTERM');
      if (place.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}
