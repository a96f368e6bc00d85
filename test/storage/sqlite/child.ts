import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A script of this folder in a process of its own, read line by line. */
export interface Child {
  process: ChildProcess;
  lines: AsyncIterator<string, undefined>;
  /** The next line, or undefined when the process says nothing more. */
  line(): Promise<string | undefined>;
  kill(): Promise<void>;
  /** Its exit code, once it has ended by itself. */
  end(): Promise<unknown>;
}

/** `before` is a command that starts the process for us, such as one that limits it. */
export function startChild(script: string, args: readonly string[], before: readonly string[] = []): Child {
  const [command = process.execPath, ...rest] = [
    ...before,
    process.execPath,
    fileURLToPath(new URL(script, import.meta.url)),
    ...args,
  ];
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    lines,
    line: async () => (await lines.next()).value,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    end: async () => (await ended)[0],
  };
}
