/** Every process that the bench starts, and the end of all of them, however the bench ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cores } from './processor.ts';

export interface Running {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  /** Collects its garbage; for programs of ours only. */
  collect(): Promise<void>;
  stop(): Promise<void>;
}

export interface Start {
  name: string;
  /** In `programs`, or from the root of the project. */
  program: string;
  core?: keyof Cores;
  nodeArguments?: readonly string[];
  arguments?: readonly string[];
  environment?: Readonly<Record<string, string>>;
  /** Known beforehand, for a program that does not tell it. */
  port?: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const patienceMs = 20_000;

export class Children {
  readonly #folder: string;
  readonly #cores: Cores | undefined;
  readonly #running = new Set<ChildProcess>();

  constructor(folder: string, cores: Cores | undefined) {
    this.#folder = folder;
    this.#cores = cores;
    process.on('exit', () => this.#killAll());
  }

  /** Starts a program that says when it listens. */
  async start(wanted: Start): Promise<Running> {
    const child = this.launch(wanted);
    const told = await this.#firstWords(wanted.name, child);
    if (!('port' in told)) throw new Error(`${wanted.name} does not listen`);
    return this.#handle(wanted.name, child, Number(told.port));
  }

  /** Runs a program that has one thing to say. */
  async ask(wanted: Start): Promise<object> {
    const child = this.launch(wanted);
    const told = await this.#firstWords(wanted.name, child);
    await this.end(child);
    return told;
  }

  /** Starts a program and leaves it to the caller to find out when it listens. */
  launch({ name, program, core = 'server', ...rest }: Start): ChildProcess {
    const path = program.includes('/') ? join(root, program) : join(root, 'scripts/bench/programs', program);
    const command = [process.execPath, ...(rest.nodeArguments ?? []), path, ...(rest.arguments ?? [])];
    const pinned = this.#cores ? ['taskset', '-c', this.#cores[core], ...command] : command;
    const [file = process.execPath, ...args] = pinned;
    const log = openSync(this.#logOf(name), 'a');
    const child = spawn(file, args, {
      cwd: root,
      env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...rest.environment },
      stdio: ['ignore', 'ignore', log, 'ipc'],
    });
    closeSync(log);
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    return child;
  }

  async end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(timer);
  }

  async #firstWords(name: string, child: ChildProcess): Promise<object> {
    const told = Promise.withResolvers<object>();
    child.once('message', (message: unknown) => {
      if (typeof message === 'object' && message !== null) told.resolve(message);
    });
    child.once('exit', () => told.reject(new Error(`${name} ended: ${this.#lastWords(name)}`)));
    const timer = setTimeout(() => told.reject(new Error(`${name} says nothing`)), patienceMs);
    return told.promise.finally(() => clearTimeout(timer));
  }

  #handle(name: string, child: ChildProcess, port: number): Running {
    return {
      name,
      pid: child.pid ?? 0,
      port,
      async collect() {
        const collected = once(child, 'message');
        child.send('collect');
        await collected;
      },
      stop: () => this.end(child),
    };
  }

  #logOf(name: string): string {
    return join(this.#folder, `${name}.log`);
  }

  #lastWords(name: string): string {
    return readFileSync(this.#logOf(name), 'utf8').slice(-2000);
  }

  #killAll(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }
}
