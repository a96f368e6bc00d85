import type { Clock } from '../../core/ports/clock.ts';
import type { RunEvent } from '../../core/run.ts';
import { fromRunError } from '../../core/run-error.ts';
import type { ActiveRun } from '../../core/runs.ts';
import { toEvent } from '../../handlers/to-event.ts';
import type { Conformance } from '../../versions/conformance.ts';
import { EventStream } from './event-stream.ts';
import type { Exchange } from './exchange.ts';

export interface StreamParts {
  clock: Clock;
  conformance: Conformance;
}

/** A run's events as its version has them. Throws what should be an HTTP error; returns when the stream has ended. */
export async function streamAnswer(
  exchange: Exchange,
  active: ActiveRun,
  parts: StreamParts,
  headers: readonly string[],
): Promise<void> {
  const events = active.events[Symbol.asyncIterator]();
  const stream = new EventStream(exchange, headers, parts.clock);
  try {
    for (;;) {
      const { value: batch, done } = await events.next();
      if (done) break;
      const [first] = batch;
      if (!stream.isOpen && first?.type === 'run.failed') throw fromRunError(first.error);
      const full = stream.write(frame(exchange, active.run.id, batch, parts.conformance));
      if (full) await full;
      if (stream.isGone) break;
    }
  } finally {
    stream.stop();
    await events.return?.();
  }
  stream.end();
}

/** One text for all events of a batch, so that what one upstream read brought goes out in one write. */
function frame(exchange: Exchange, runId: string, batch: readonly RunEvent[], conformance: Conformance): string {
  let text = '';
  for (const event of batch) {
    for (const { name, data } of exchange.version.events(toEvent(event))) {
      conformance.event(exchange.version, data);
      text += `event: ${name}\ndata: ${JSON.stringify(data)}\nid: ${runId}.${event.seq}\n\n`;
    }
  }
  return text;
}
