/**
 * Server-Sent Events (WHATWG HTML, section 9.2): frames what the version makes of each event. Nothing is sent before the
 * provider's first chunk, so that a failure until then is an HTTP error, unless 15 s pass: then a comment goes out, lest
 * a proxy cuts the connection.
 */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../core/ports/clock.ts';
import type { RunEvent } from '../../core/run.ts';
import { fromRunError } from '../../core/run-error.ts';
import type { ActiveRun } from '../../core/runs.ts';
import { toEvent } from '../../handlers/to-event.ts';
import type { Conformance } from '../../versions/conformance.ts';
import type { Exchange } from './exchange.ts';
import { commonHeaders } from './write-answer.ts';

const heartbeatMs = 15_000;
/** A reader that takes nothing for so long is cut; until then it slows the provider. */
const stalledMs = 30_000;
/** What may wait in memory for one reader. */
const maxBufferedBytes = 1024 * 1024;

export interface StreamParts {
  clock: Clock;
  conformance: Conformance;
}

/** Throws what should be an HTTP error; returns when the stream has ended. */
export async function streamAnswer(
  exchange: Exchange,
  active: ActiveRun,
  parts: StreamParts,
  headers: readonly string[],
): Promise<void> {
  const { response } = exchange;
  const events = active.events[Symbol.asyncIterator]();
  const heartbeat = startHeartbeat(parts.clock, () => {
    open(exchange, headers);
    response.write(': waiting\n\n');
  });
  try {
    for (;;) {
      const { value: batch, done } = await events.next();
      if (done) break;
      const [first] = batch;
      if (!response.headersSent && first?.type === 'run.failed') throw fromRunError(first.error);
      open(exchange, headers);
      const text = frame(exchange, active.run.id, batch, parts.conformance);
      if (text !== '') await write(response, text, parts.clock);
      heartbeat.restart();
      if (response.destroyed) break;
    }
  } finally {
    heartbeat.stop();
    await events.return?.();
  }
  response.end();
}

function open(exchange: Exchange, headers: readonly string[]): void {
  const { response } = exchange;
  if (response.headersSent || response.destroyed) return;
  response.writeHead(
    200,
    commonHeaders(exchange, [
      ...headers,
      'Content-Type',
      'text/event-stream',
      'Cache-Control',
      'no-cache, no-transform',
      'X-Accel-Buffering',
      'no',
    ]),
  );
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

function write(response: ServerResponse, text: string, clock: Clock): Promise<void> | void {
  if (response.write(text) || response.writableLength < maxBufferedBytes / 2) return;
  return new Promise((resolve) => {
    const timer = clock.after(stalledMs, () => response.destroy());
    function go(): void {
      timer.cancel();
      response.off('drain', go).off('close', go);
      resolve();
    }
    response.on('drain', go).on('close', go);
  });
}

interface Heartbeat {
  restart(): void;
  stop(): void;
}

/** One timer that looks back, instead of one that is set anew with every event. */
function startHeartbeat(clock: Clock, beat: () => void): Heartbeat {
  let last = clock.now();
  let timer = clock.after(heartbeatMs, look);
  function look(): void {
    if (clock.now() - last >= heartbeatMs) {
      beat();
      last = clock.now();
    }
    timer = clock.after(heartbeatMs - (clock.now() - last), look);
  }
  return {
    restart() {
      last = clock.now();
    },
    stop: () => timer.cancel(),
  };
}
