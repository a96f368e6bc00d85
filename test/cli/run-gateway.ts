import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

/** A data folder, and the command line on it, with an environment of nothing else. */
export interface Bench {
  home: string;
  start(args: string[], options?: RunOptions): Running;
  run(args: string[], options?: RunOptions): Promise<Outcome>;
  /** `serve` on a free port, once it listens. */
  serve(options?: RunOptions): Promise<Served>;
  /** Ends what still runs and takes the folder away. */
  close(): Promise<void>;
}

export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  input?: string;
  /** Flags of Node itself. */
  node?: string[];
}

export interface Running {
  child: ChildProcessWithoutNullStreams;
  outcome: Promise<Outcome>;
  /** What stdout says, once it has this. Rejects when the command ends without. */
  prints(pattern: RegExp): Promise<string>;
}

export interface Outcome {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Served extends Running {
  /** What it printed when it listened. */
  started: { address: string; home: string; key?: string };
}

export function makeBench(): Bench {
  const folder = makeTemporaryDirectory();
  const home = `${folder.path}/home`;
  const running = new Set<Running>();

  function start(args: string[], { env = {}, node = [], input }: RunOptions = {}): Running {
    const child = spawn(process.execPath, [...node, 'src/cli/gateway.mjs', ...args], {
      env: { PATH: process.env.PATH, HOME: folder.path, GATEWAY_HOME: home, GATEWAY_PORT: '0', ...env },
      stdio: 'pipe',
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (piece) => (said.stdout += piece));
    child.stderr.on('data', (piece) => (said.stderr += piece));
    child.stdin.end(input ?? '');
    const outcome = once(child, 'close').then(([status, signal]): Outcome => ({ status, signal, ...said }));
    const one: Running = {
      child,
      outcome,
      async prints(pattern) {
        const ended = outcome.then(() => Promise.reject(new Error(`ended without ${pattern}: ${said.stderr}`)));
        while (!pattern.test(said.stdout)) await Promise.race([once(child.stdout, 'data'), ended]);
        ended.catch(() => {});
        return said.stdout;
      },
    };
    running.add(one);
    return one;
  }

  return {
    home,
    start,
    run: (args, options) => start(args, options).outcome,
    async serve(options) {
      const one = start(['serve', '--json'], options);
      return { ...one, started: JSON.parse(await one.prints(/\n/)) };
    },
    async close() {
      for (const { child } of running) child.kill('SIGKILL');
      await Promise.all([...running].map(({ outcome }) => outcome));
      folder.remove();
    },
  };
}
