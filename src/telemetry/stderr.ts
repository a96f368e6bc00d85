/**
 * Gathers lines and writes them to stderr together. A write never waits: a reader that has stopped reading costs lines,
 * not the gateway's time or memory. Nothing is handed to another thread, so `flush` really has everything out, in order,
 * even while the process dies of an exception.
 */
import { writeSync } from 'node:fs';

export interface Stderr {
  write(line: string): void;
  /** Writes what is held; waits up to a second for a slow reader. */
  flush(): void;
}

const together = 16 * 1024;
const mostHeld = 4 * 1024 * 1024;
const delayMs = 20;
const retryMs = 5;
const flushTries = 200;

export function openStderr(): Stderr {
  // Node opens it when it is asked for: from then on a pipe or a socket that is full says so (EAGAIN) and does not wait.
  const { fd } = process.stderr;
  let held = '';
  let rest = Buffer.alloc(0);
  let lost = 0;
  let _timer: NodeJS.Timeout | undefined;

  /** True when all is out. */
  function drain(): boolean {
    try {
      while (rest.length > 0 || held !== '') {
        if (rest.length === 0) gather();
        rest = rest.subarray(writeSync(fd, rest));
      }
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return false;
      // Nobody will ever read it: the pipe is closed.
      held = '';
      rest = Buffer.alloc(0);
      return true;
    }
  }

  function gather(): void {
    const note = lost > 0 ? `${JSON.stringify({ level: 'warn', lost, msg: 'log lines were lost' })}\n` : '';
    rest = Buffer.from(held + note);
    held = '';
    lost = 0;
  }

  function later(): void {
    _timer ??= setTimeout(() => {
      _timer = undefined;
      if (!drain()) later();
    }, delayMs).unref();
  }

  function flush(): void {
    for (let tries = 0; !drain() && tries < flushTries; tries += 1) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
    }
  }

  process.on('exit', flush);
  return {
    write(line) {
      if (held.length + rest.length > mostHeld) {
        lost += 1;
        return;
      }
      held += line;
      if (held.length < together || !drain()) later();
    },
    flush,
  };
}
