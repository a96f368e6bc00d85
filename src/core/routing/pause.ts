import type { Clock } from '../ports/clock.ts';
import type { Signal } from '../ports/signal.ts';

/** Resolves after so long. Rejects with the signal's reason as soon as it aborts. */
export function pause(clock: Clock, ms: number, signal: Signal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = clock.after(ms, () => {
      signal.removeEventListener('abort', leave);
      resolve();
    });
    function leave(): void {
      timer.cancel();
      signal.removeEventListener('abort', leave);
      reject(signal.reason);
    }
    signal.addEventListener('abort', leave);
  });
}
