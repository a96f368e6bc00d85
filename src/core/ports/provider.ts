import type { Message } from '../message.ts';
import type { FinishReason, ResponseFormat, Tool, ToolChoice } from '../run.ts';
import type { Usage } from '../usage.ts';

/**
 * A source of answers. An adapter translates one wire format and nothing else: it does not retry, does not choose
 * between providers, sees no client request and keeps no state of a conversation.
 *
 * Errors: every failure is a `ProviderError` (see `core/errors.ts`), thrown before the first event or from the stream.
 */
export interface Provider {
  readonly name: string;
  /** The names of the models it is configured with, without a prefix. */
  readonly models: readonly string[];
  /** False when a secret is missing: listed as `unconfigured`, never called. */
  readonly configured: boolean;
  /**
   * Starts a call. Events come in batches, as one upstream read delivered them; nobody reading means nobody asking the
   * upstream for more. A stream that ends without `finish` is a failure, and the adapter throws it. When the signal
   * aborts the upstream connection is cut within 100 ms and the iteration throws the signal's reason.
   */
  call(call: ProviderCall, signal: AbortSignal): AsyncIterable<ProviderEvent[]>;
  /** Cheap proof of life: resolves when the provider answers, rejects with a `ProviderError` otherwise. */
  probe(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface ProviderCall {
  model: string;
  /** Oldest first; the last one is the user's. */
  messages: readonly Pick<Message, 'role' | 'parts'>[];
  instructions?: string;
  temperature?: number;
  topP?: number;
  maxOutputTokens?: number;
  stop?: readonly string[];
  seed?: number;
  tools?: readonly Tool[];
  toolChoice?: ToolChoice;
  responseFormat?: ResponseFormat;
  /** True asks the provider for a stream; false gets the whole answer in one batch. */
  stream: boolean;
}

export type ProviderEvent =
  | { type: 'text'; text: string }
  /** `id` and `name` come with the first delta of an index. */
  | { type: 'tool_call'; index: number; id?: string; name?: string; arguments: string }
  /** Exactly one, last. `usage` is absent when the provider gave none. */
  | { type: 'finish'; reason: FinishReason; usage?: Usage };
