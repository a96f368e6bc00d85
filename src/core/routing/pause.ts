import type { Clock } from '../ports/clock.ts';

/** Resolves after so long. Rejects with the signal's reason as soon as it aborts. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = clock.after(ms, () => {
      signal.removeEventListener('abort', leave);
      resolve();
    });
    function leave(): void {
      timer.cancel();
      reject(signal.reason);
    }
    signal.addEventListener('abort', leave, { once: true });
  });
}
