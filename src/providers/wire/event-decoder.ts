import { createParser } from 'eventsource-parser';
import { Malformed } from './bad-answer.ts';

/** No event of either wire comes near it; more is an attack or a fault, and would be held in memory whole. */
const LONGEST_EVENT = 1024 * 1024;

/** Bytes, cut anywhere → the `data` of server-sent events. */
export class EventDecoder {
  // The byte order mark is left to the parser, which drops one at the very beginning and no other.
  readonly #utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #parser;
  /** The decoder may hold the first bytes of a character whose others have yet to come. */
  #isCut = false;

  constructor(onData: (data: string) => void) {
    this.#parser = createParser({
      maxBufferSize: LONGEST_EVENT,
      onEvent: (event) => onData(event.data),
      onError: (error) => {
        // The other errors are fields that nobody knows, which the standard says to ignore.
        if (error.type === 'max-buffer-size-exceeded') throw new Malformed('an event longer than 1 MiB');
      },
    });
  }

  feed(chunk: Buffer): void {
    this.#parser.feed(this.#textOf(chunk));
  }

  /** Some servers leave out the blank line after their last event. */
  end(): void {
    this.#parser.feed(`${this.#utf8.decode()}\n\n`);
  }

  /** Almost every chunk ends with a line, and is then read without the decoder, which costs four times as much. */
  #textOf(chunk: Buffer): string {
    const last = chunk.at(-1);
    if (last === undefined) return '';
    const wasCut = this.#isCut;
    this.#isCut = last >= 0x80;
    return wasCut || this.#isCut ? this.#utf8.decode(chunk, { stream: true }) : chunk.toString();
  }
}
