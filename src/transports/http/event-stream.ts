/**
 * One answer of Server-Sent Events (WHATWG HTML, section 9.2) as it is sent: nothing before the first piece, so that a
 * failure until then is an HTTP error, unless 15 s pass: then a comment goes out, lest a proxy cuts the connection.
 */
import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { Exchange } from './exchange.ts';
import { commonHeaders } from './write-answer.ts';

const heartbeatMs = 15_000;
/** A reader that takes nothing for so long is cut; until then it slows the provider. */
const stalledMs = 30_000;
/** What may wait in memory for one reader. */
const maxBufferedBytes = 1024 * 1024;
const standing = [
  'Content-Type',
  'text/event-stream',
  'Cache-Control',
  'no-cache, no-transform',
  'X-Accel-Buffering',
  'no',
];

export class EventStream {
  readonly #exchange: Exchange;
  readonly #headers: readonly string[];
  readonly #clock: Clock;
  /** One timer that looks back, instead of one that is set anew with every event. */
  #timer: Timer;
  #lastAt: number;

  constructor(exchange: Exchange, headers: readonly string[], clock: Clock) {
    this.#exchange = exchange;
    this.#headers = headers;
    this.#clock = clock;
    this.#lastAt = clock.now();
    this.#timer = clock.after(heartbeatMs, () => this.#look());
  }

  get isOpen(): boolean {
    return this.#exchange.response.headersSent;
  }

  /** The reader has gone. */
  get isGone(): boolean {
    return this.#exchange.response.destroyed;
  }

  /** Sends a piece; what it returns is to be waited for, where it returns something. */
  write(piece: string | Buffer): Promise<void> | void {
    this.#open();
    this.#lastAt = this.#clock.now();
    if (piece.length === 0) return;
    const { response } = this.#exchange;
    if (response.write(piece) || response.writableLength < maxBufferedBytes / 2) return;
    return this.#drained(response);
  }

  /** No more comments; the head is not sent by this. */
  stop(): void {
    this.#timer.cancel();
  }

  #open(): void {
    const { response } = this.#exchange;
    if (response.headersSent || response.destroyed) return;
    response.writeHead(200, commonHeaders(this.#exchange, [...this.#headers, ...standing]));
  }

  #drained(response: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(stalledMs, () => response.destroy());
      function go(): void {
        timer.cancel();
        response.off('drain', go).off('close', go);
        resolve();
      }
      response.on('drain', go).on('close', go);
    });
  }

  #look(): void {
    const waited = this.#clock.now() - this.#lastAt;
    if (waited >= heartbeatMs) {
      this.#open();
      this.#exchange.response.write(': waiting\n\n');
      this.#lastAt = this.#clock.now();
    }
    this.#timer = this.#clock.after(heartbeatMs - (this.#clock.now() - this.#lastAt), () => this.#look());
  }
}
