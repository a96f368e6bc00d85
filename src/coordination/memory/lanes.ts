import type { Lanes } from '../../core/ports/lanes.ts';
import type { Signal } from '../../core/ports/signal.ts';

/** Lanes of one process: a chain of waiters a session, gone as soon as nobody is in it. */
export function createMemoryLanes(): Lanes {
  const lanes = new Map<string, Waiter[]>();

  function leave(lane: string): void {
    const waiters = lanes.get(lane);
    const next = waiters?.shift();
    if (next) next.enter();
    else lanes.delete(lane);
  }

  return {
    async enter(lane, signal) {
      signal.throwIfAborted();
      const waiters = lanes.get(lane);
      if (waiters) await wait(waiters, signal);
      else lanes.set(lane, []);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        leave(lane);
      };
    },
  };
}

interface Waiter {
  enter(): void;
}

function wait(waiters: Waiter[], signal: Signal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      signal.removeEventListener('abort', giveUp);
      waiters.splice(waiters.indexOf(waiter), 1);
      reject(signal.reason);
    };
    const waiter: Waiter = {
      enter() {
        signal.removeEventListener('abort', giveUp);
        resolve();
      },
    };
    waiters.push(waiter);
    signal.addEventListener('abort', giveUp);
  });
}
