import type { Clock } from '../../core/ports/clock.ts';

/** What an adapter of an HTTP wire is made from. */
export interface WireOptions {
  name: string;
  /** Up to and including the version: `https://api.openai.com/v1`. */
  baseUrl: string;
  /** Used in turn; none for servers that ask for none. */
  apiKeys: readonly string[];
  models: readonly string[];
  clock: Clock;
  deadlines: Deadlines;
  /** Of a whole answer: the bytes of a JSON body, or of the text and the arguments that a stream delivers. */
  maxAnswerBytes: number;
  /** Sockets to this provider at once; without it as many as there are calls. */
  connections?: number;
  /** Sent with every request, after the wire's own. */
  headers?: Readonly<Record<string, string>>;
  /** False for servers that ask for no key, such as those on the operator's own machine. */
  requireKey: boolean;
}

/** Milliseconds. Running out of any is a `timeout`, and the socket is closed. */
export interface Deadlines {
  /** Until a socket has taken the request. */
  connectMs: number;
  /** From there to the first event of a stream, or to the head of a whole answer. */
  firstChunkMs: number;
  /** Between two reads of the body; stands still while nobody reads from us. */
  idleMs: number;
  /** All of it. */
  totalMs: number;
}
