import type { Message } from '../message.ts';
import type { FinishReason, ReasoningEffort, ResponseFormat, Tool, ToolChoice, Verbosity } from '../run.ts';
import type { Usage } from '../usage.ts';
import type { Signal } from './signal.ts';

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
  call(call: ProviderCall, signal: Signal): AsyncIterable<ProviderEvent[]>;
  /** The vendors' own words that it takes as they are. */
  readonly dialects?: readonly DialectName[];
  /**
   * Hands on a request of one of its dialects with nothing changed but the model, and the answer with nothing changed at
   * all, bar usage that the client did not ask for. Otherwise as `call`: a stream that ends without `finish` throws.
   */
  forward?(call: ForwardCall, signal: Signal): AsyncIterable<ForwardBatch>;
  /** Texts as vectors; absent where it cannot. */
  embed?(call: EmbedCall, signal: Signal): Promise<Embeddings>;
  /** Cheap proof of life: resolves when the provider answers, rejects with a `ProviderError` otherwise. */
  probe(signal: Signal): Promise<void>;
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
  topK?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  /** False lets the model call one tool at a time. */
  parallelToolCalls?: boolean;
  reasoningEffort?: ReasoningEffort;
  verbosity?: Verbosity;
  tools?: readonly Tool[];
  toolChoice?: ToolChoice;
  responseFormat?: ResponseFormat;
  /** For how long the prompt will be of use again, to a provider that keeps one only where it is told to. */
  cache?: '5m' | '1h';
  /** True asks the provider for a stream; false gets the whole answer in one batch. */
  stream: boolean;
}

export type ProviderEvent =
  | { type: 'text'; text: string }
  /** `id` and `name` come with the first delta of an index. */
  | { type: 'tool_call'; index: number; id?: string; name?: string; arguments: string }
  /** Exactly one, last. `usage` is absent when the provider gave none. */
  | { type: 'finish'; reason: FinishReason; usage?: Usage };

/** An operation of a vendor's API, in whose words a client may ask and a provider may be asked. */
export type DialectName = 'chat-completions' | 'responses' | 'embeddings' | 'messages' | 'count-tokens';

export interface ForwardCall {
  dialect: DialectName;
  /** The provider's name for the model; it takes the place of the one in `body`. */
  model: string;
  /** The client's own bytes: a JSON object, already held against the dialect's contract. */
  body: Buffer;
  stream: boolean;
  /** Whether the client itself asked for usage in the stream. */
  wantsUsage: boolean;
  /** The vendor's own request headers, such as `anthropic-beta`, in lower case. */
  headers: Readonly<Record<string, string>>;
}

/** What one upstream read delivered. */
export interface ForwardBatch {
  /** For the client, exactly as they are; may be empty. */
  bytes: Buffer;
  /** Exactly once, with the last batch. `usage` is absent when the provider gave none. */
  finish?: { reason?: FinishReason; usage?: Usage };
}

export interface EmbedCall {
  model: string;
  input: readonly string[];
  dimensions?: number;
}

export interface Embeddings {
  vectors: readonly (readonly number[])[];
  usage?: Usage;
}
