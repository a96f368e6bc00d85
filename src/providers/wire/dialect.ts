import type { ProviderFault } from '../../core/errors.ts';
import type { ProviderCall, ProviderEvent } from '../../core/ports/provider.ts';
import type { JsonObject } from './json-shape.ts';

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
