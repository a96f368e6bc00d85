import type { Clock, Timer } from './ports/clock.ts';
import type { Log } from './ports/log.ts';

/** Takes what is due from a durable queue and works on it, so many at once. */
export interface Worker {
  /** There may be something to do now. */
  wake(): void;
  /** Takes no more; what is under way gets `graceMs` and is then told to stop. What is not done stays in the queue. */
  stop(graceMs: number): Promise<void>;
}

/** A worker for each channel, and perhaps more. */
export interface Workers {
  /** There may be something to do for this channel; without one, for anybody. */
  wake(channel?: string): void;
  stop(graceMs: number): Promise<void>;
}

export function joinWorkers(byChannel: ReadonlyMap<string, Worker>, others: readonly Worker[] = []): Workers {
  const all = [...byChannel.values(), ...others];
  return {
    wake(channel) {
      if (channel !== undefined) byChannel.get(channel)?.wake();
      else for (const worker of all) worker.wake();
    },
    async stop(graceMs) {
      await Promise.all(all.map((worker) => worker.stop(graceMs)));
    },
  };
}

export interface WorkerParts<Item, Outcome> {
  name: string;
  concurrency: number;
  clock: Clock;
  log: Log;
  /** False while something more urgent has to be done: then nothing is taken until it is woken, or looks by itself. */
  mayTake?(): boolean;
  /** Marks up to so many due items as taken and answers them. */
  claim(limit: number): Promise<Item[]>;
  /** Answers what became of the item, also when it failed. */
  work(item: Item, signal: AbortSignal): Promise<Outcome>;
  /** Stores what became of it. Asked again until the store takes it: what was sent must not be sent once more. */
  settle(item: Item, outcome: Outcome): Promise<void>;
}

/** What was postponed, or put there by another process, is found at the latest after so long. */
const lookEveryMs = 500;
/** After a fault of the store. */
const restMs = 1000;

export function createWorker<Item, Outcome>(parts: WorkerParts<Item, Outcome>): Worker {
  const { clock, log, concurrency } = parts;
  const going = new Set<Promise<void>>();
  const abort = new AbortController();
  let stopped = false;
  let taking: Promise<void> | undefined;
  let again = false;
  let timer: Timer | undefined;

  /** `isTime`: half a second is over, and whatever is urgent has had its turn. */
  function look(isTime = false): void {
    again = true;
    if (stopped || taking) return;
    timer?.cancel();
    if (!isTime && parts.mayTake?.() === false) {
      timer = clock.after(lookEveryMs, () => look(true));
      return;
    }
    taking = take().then((waitMs) => {
      taking = undefined;
      if (again) look();
      else if (!stopped) timer = clock.after(waitMs, () => look(true));
    });
  }

  /** Answers how long to wait before the next look, unless there is to be one at once. */
  async function take(): Promise<number> {
    again = false;
    const room = concurrency - going.size;
    if (room === 0) return lookEveryMs;
    try {
      const items = await parts.claim(room);
      for (const item of items) begin(item);
      again ||= items.length === room;
      return lookEveryMs;
    } catch (error) {
      log.error({ error, worker: parts.name }, 'work could not be taken');
      again = false;
      return restMs;
    }
  }

  function begin(item: Item): void {
    const done = finish(item)
      .catch((error: unknown) => log.error({ error, worker: parts.name }, 'work broke'))
      .finally(() => {
        going.delete(done);
        look();
      });
    going.add(done);
  }

  async function finish(item: Item): Promise<void> {
    const outcome = await parts.work(item, abort.signal);
    for (let settled = false; !settled; ) {
      try {
        await parts.settle(item, outcome);
        settled = true;
      } catch (error) {
        log.error({ error, worker: parts.name }, 'work could not be settled');
        // It stays taken, and is given back when the queue is opened again.
        if (abort.signal.aborted) return;
        await rest();
      }
    }
  }

  function rest(): Promise<void> {
    return new Promise((resolve) => {
      const over = () => {
        waiting.cancel();
        abort.signal.removeEventListener('abort', over);
        resolve();
      };
      const waiting = clock.after(restMs, over);
      abort.signal.addEventListener('abort', over);
    });
  }

  return {
    wake: () => look(),
    async stop(graceMs) {
      stopped = true;
      timer?.cancel();
      const limit = clock.after(graceMs, () => abort.abort(new Error('the gateway stops')));
      await taking;
      await Promise.all(going);
      limit.cancel();
    },
  };
}
