import type { Clock, Timer } from './ports/clock.ts';
import type { Log } from './ports/log.ts';

/** Takes what is due from a durable queue and works on it, so many at once. */
export interface Worker {
  /** There may be something to do now. */
  wake(): void;
  /** Takes no more; what is under way gets `graceMs` and is then told to stop. What is not done stays in the queue. */
  stop(graceMs: number): Promise<void>;
}

export interface WorkerParts<Item> {
  name: string;
  concurrency: number;
  clock: Clock;
  log: Log;
  /** Marks up to so many due items as taken and answers them. */
  claim(limit: number): Promise<Item[]>;
  /** Settles the item in the queue, whatever happens. */
  work(item: Item, signal: AbortSignal): Promise<void>;
}

/** What was postponed, or put there by another process, is found at the latest after so long. */
const lookEveryMs = 500;
/** After a fault of the store. */
const restMs = 1000;

export function createWorker<Item>(parts: WorkerParts<Item>): Worker {
  const { clock, log, concurrency } = parts;
  const going = new Set<Promise<void>>();
  const abort = new AbortController();
  let stopped = false;
  let claiming = false;
  let again = false;
  let timer: Timer | undefined;

  async function claim(): Promise<void> {
    if (stopped) return;
    if (claiming) {
      again = true;
      return;
    }
    claiming = true;
    timer?.cancel();
    let wait = lookEveryMs;
    try {
      const room = concurrency - going.size;
      const items = room > 0 ? await parts.claim(room) : [];
      for (const item of items) begin(item);
      again ||= items.length > 0 && items.length === room;
    } catch (error) {
      wait = restMs;
      log.error({ error, worker: parts.name }, 'work could not be taken');
    }
    claiming = false;
    if (again && wait === lookEveryMs) {
      again = false;
      void claim();
    } else if (!stopped) timer = clock.after(wait, () => void claim());
  }

  function begin(item: Item): void {
    const done = parts
      .work(item, abort.signal)
      .catch((error: unknown) => log.error({ error, worker: parts.name }, 'work could not be settled'))
      .finally(() => {
        going.delete(done);
        void claim();
      });
    going.add(done);
  }

  return {
    wake: () => void claim(),
    async stop(graceMs) {
      stopped = true;
      timer?.cancel();
      const limit = clock.after(graceMs, () => abort.abort(new Error('the gateway stops')));
      await Promise.all(going);
      limit.cancel();
    },
  };
}
