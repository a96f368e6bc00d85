import type { RunEvent } from './run.ts';

/**
 * The events of a run that goes on without its client. Writing never waits for a reader; what is held is bounded by the
 * longest answer a provider may give.
 */
export interface RunLog {
  append(batch: RunEvent[]): void;
  end(): void;
  read(): AsyncIterable<RunEvent[]>;
}

export function createRunLog(): RunLog {
  const batches: RunEvent[][] = [];
  let ended = false;
  let wake = Promise.withResolvers<void>();

  function tell(): void {
    const before = wake;
    wake = Promise.withResolvers<void>();
    before.resolve();
  }

  return {
    append(batch) {
      batches.push(batch);
      tell();
    },
    end() {
      ended = true;
      tell();
    },
    async *read() {
      for (let next = 0; ; ) {
        const batch = batches[next];
        if (batch) {
          next += 1;
          yield batch;
        } else if (ended) return;
        else await wake.promise;
      }
    },
  };
}
