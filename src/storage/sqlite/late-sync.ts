import type { Clock, Timer } from '../../core/ports/clock.ts';

/** Syncs about a second after a commit what nobody was promised, so that a power cut costs no more than that. */
export interface LateSync {
  committed(): void;
  close(): void;
}

const delay = 1000;

export function createLateSync(parts: {
  clock: Clock;
  flush(): Promise<void>;
  failed(error: unknown): void;
}): LateSync {
  let timer: Timer | undefined;

  function sync(): void {
    timer = undefined;
    parts.flush().catch(parts.failed);
  }

  return {
    committed() {
      timer ??= parts.clock.after(delay, sync);
    },
    close() {
      timer?.cancel();
    },
  };
}
