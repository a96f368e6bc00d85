import type { ProviderFault, ProviderTold } from '../../core/errors.ts';
import type { DialectName, ForwardBatch, ForwardCall, ProviderCall, ProviderEvent } from '../../core/ports/provider.ts';
import type { Member } from './json-members.ts';
import type { JsonObject } from './json-shape.ts';
import type { Splice } from './splice-bytes.ts';

/** One vendor's way of saying what every vendor says: paths, headers, and the pure mappings to and from our words. */
export interface Dialect {
  /** Below the base URL. */
  readonly callPath: string;
  readonly probePath: string;
  headers(apiKey: string | undefined): Record<string, string>;
  /** Throws a `ProviderError` for what this wire cannot say. */
  toRequest(call: ProviderCall): object;
  /** A whole answer. Throws a `BadAnswer`. */
  fromAnswer(answer: JsonObject): ProviderEvent[];
  readStream(): StreamReader;
  /** What an error body means. `status` is absent where the error came inside an answer that had begun with 200. */
  fromError(status: number | undefined, body: unknown): Fault;
  /** The words of an error body, for a client that speaks this wire itself; undefined when there are none. */
  tell(body: JsonObject | undefined): ProviderTold | undefined;
  /** The operations that a client's own words may be handed on to. */
  readonly forwards: Readonly<Partial<Record<DialectName, Forwarding>>>;
}

/** One operation of the wire, for requests and answers that are handed on as they are. */
export interface Forwarding {
  /** Below the base URL. */
  readonly path: string;
  /** The client's headers that go on with its request, in lower case. */
  readonly headers: readonly string[];
  /** What has to be changed in the request beside the model. */
  splices(call: ForwardCall, members: readonly Member[]): Splice[];
  /** Of a whole answer. Throws a `BadAnswer`. */
  finishOf(answer: JsonObject): Finish;
  /** Absent where the operation has no streams. */
  watchStream?(call: ForwardCall): StreamWatcher;
}

export type Finish = NonNullable<ForwardBatch['finish']>;

/** Learns from a stream that is handed on what we have to know of it, from as few of its events as that takes. */
export interface StreamWatcher {
  /**
   * Finds the events that have to be read, in the bytes as Latin-1. Until the first content every event is read,
   * afterwards all those of a read in which this is found.
   */
  readonly marks: RegExp;
  /** Throws a `BadAnswer`. */
  read(data: string): 'opening' | 'content' | 'ours' | 'end';
  /** After `end`, or when the body ended by itself: throws a `BadAnswer` unless the answer was whole. */
  finish(ended: boolean): Finish;
}

/** Turns the events of one stream into ours. Holds what the wire spreads over several events. */
export interface StreamReader {
  /** Throws a `BadAnswer`. Returns true when this event ended the answer; nothing is read after it. */
  read(data: string, into: ProviderEvent[]): boolean;
  /** The body ended by itself without such an event. Throws a `BadAnswer` unless the answer was whole. */
  end(into: ProviderEvent[]): void;
}

/** What a vendor's error says, in the words of the port. */
export interface Fault {
  kind: ProviderFault;
  /** The parameter at fault, as a path of the newest request shape. */
  parameter?: string;
  shouldRetry?: boolean;
}
