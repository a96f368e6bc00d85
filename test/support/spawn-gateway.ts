import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A gateway as its operator starts it: a process of its own, by the command line. */
export interface SpawnedGateway {
  url: string;
  port: number;
  /** The key it made, when there was none. */
  key: string | undefined;
  /** Everything it has printed and logged. */
  output(): string;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Asks it to stop; answers its exit code. */
  stop(): Promise<number | null>;
}

const door = fileURLToPath(new URL('../../src/cli/gateway.mjs', import.meta.url));

export async function spawnGateway(home: string, environment: Record<string, string> = {}): Promise<SpawnedGateway> {
  const child = spawn(process.execPath, [door, 'serve', '--json'], {
    env: { PATH: process.env.PATH, GATEWAY_HOME: home, GATEWAY_PORT: '0', NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const greeting = await Promise.race([firstLine(child), exited(child).then(() => '')]);
  if (greeting === '') throw new Error(`the gateway did not start: ${output}`);
  const { address, key }: { address: string; key?: string } = JSON.parse(greeting);
  return {
    url: address,
    port: Number(new URL(address).port),
    key,
    output: () => output,
    async kill() {
      child.kill('SIGKILL');
      await exited(child);
    },
    async stop() {
      child.kill('SIGTERM');
      return exited(child);
    },
  };
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) return '';
  const [line]: string[] = await once(createInterface({ input: stdout }), 'line');
  return line ?? '';
}

async function exited(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}
