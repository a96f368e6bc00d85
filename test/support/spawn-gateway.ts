import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
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

/** Without `--json` it prints what a person reads. */
export async function spawnGateway(
  home: string,
  environment: Record<string, string> = {},
  options: readonly string[] = ['--json'],
): Promise<SpawnedGateway> {
  const child = spawn(process.execPath, [door, 'serve', ...options], {
    env: { PATH: process.env.PATH, GATEWAY_HOME: home, GATEWAY_PORT: '0', NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let goOn = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      goOn();
    });
  }
  const gone = exited(child).then(() => true);
  // The log says that it listens, and then it prints where, with its key: two pipes, which are read in any order.
  const printed = options.includes('--json') ? /^\{"address":.*\}$/m : /Try it:\n\n.*\n/;
  while (!output.includes('"msg":"listening"') || !printed.test(output)) {
    const more = new Promise<boolean>((resolve) => {
      goOn = () => resolve(false);
    });
    const ended = await Promise.race([more, gone]);
    if (ended) throw new Error(`the gateway did not start: ${output}`);
  }
  const address = /http:\/\/[\w.]+:\d+/.exec(output)?.[0] ?? '';
  const key = /ocg_\w{36}/.exec(output)?.[0];
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

async function exited(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}
