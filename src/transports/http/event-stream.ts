/**
 * One answer of Server-Sent Events (WHATWG HTML, section 9.2) as it is sent: nothing before the first piece, so that a
 * failure until then is an HTTP error, unless 15 s pass: then a comment goes out, lest a proxy cuts the connection.
 */
import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { Exchange } from './exchange.ts';
import { sendTogether } from './send-together.ts';
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
  /**
   * The head says `Transfer-Encoding: chunked`, and the chunks are framed here: Node writes each in four pieces, which
   * costs more than all mapping of an event does. The last chunk is Node's again, with the trailers that it may carry.
   */
  #chunked = false;

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
    if (this.#send(piece) || response.writableLength < maxBufferedBytes / 2) return;
    return this.#drained(response);
  }

  /** No more comments; the head is not sent by this. */
  stop(): void {
    this.#timer.cancel();
  }

  /** The stream is whole. */
  end(): void {
    const { response } = this.#exchange;
    if (this.#chunked) response.chunkedEncoding = true;
    response.end();
  }

  #open(): void {
    const { response } = this.#exchange;
    if (response.headersSent || response.destroyed) return;
    response.writeHead(200, commonHeaders(this.#exchange, [...this.#headers, ...standing]));
    this.#chunked = response.chunkedEncoding;
    response.chunkedEncoding = false;
  }

  /** Node's answer to `write`. */
  #send(piece: string | Buffer): boolean {
    const { response } = this.#exchange;
    if (response.socket) sendTogether(response.socket);
    if (!this.#chunked) return response.write(piece);
    if (typeof piece !== 'string') return response.write(asChunk(piece.length, piece.toString('latin1')), 'latin1');
    const bytes = Buffer.byteLength(piece);
    // A byte for each character: it is ASCII, and needs no encoding.
    return response.write(asChunk(bytes, piece), bytes === piece.length ? 'latin1' : 'utf8');
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
      this.#send(': waiting\n\n');
      this.#lastAt = this.#clock.now();
    }
    this.#timer = this.#clock.after(heartbeatMs - (this.#clock.now() - this.#lastAt), () => this.#look());
  }
}

/** RFC 9112, section 7.1. */
function asChunk(bytes: number, text: string): string {
  return `${bytes.toString(16)}\r\n${text}\r\n`;
}
