/**
 * A run without a session: all that the model is to read comes with the request, and what is stored of it is who asked
 * whom for how many tokens. The compatible endpoints ask in a vendor's words; a provider that speaks them gets the
 * request as it is, any other one gets it in ours.
 */
import type { LimitState } from './ports/limiter.ts';
import type { EmbedCall, Embeddings, ForwardCall, ProviderCall, ProviderEvent } from './ports/provider.ts';
import type { Run, RunError } from './run.ts';

export interface CompletionRequest {
  channel: string;
  /** As the client names it. */
  model: string;
  stream: boolean;
  /** What the client said, for a provider that speaks its words too; absent where no provider does. */
  original?: Omit<ForwardCall, 'model' | 'stream'>;
  /**
   * The same in our words, made when a provider needs it. Throws `UNSUPPORTED_PARAMETER` (with the client's name of it as
   * pointer) for what our words cannot say.
   */
  toCall(): Omit<ProviderCall, 'model' | 'stream'>;
  /** For texts as vectors, in place of `toCall`. */
  embed?: EmbedRequest;
  /** What the client named as the longest answer, for the limits. */
  maxOutputTokens?: number;
  metadata?: Record<string, string>;
}

export interface EmbedRequest {
  /** As `toCall` for `call`. */
  toCall(): Omit<EmbedCall, 'model'>;
  /** The whole answer. */
  write(run: Run, embeddings: Embeddings): string;
}

export interface ActiveCompletion {
  /** Who answers, after how many attempts, is known once the first batch is there. */
  readonly run: Run;
  /** Of the key's limit on tokens, where one holds. */
  readonly tokens: LimitState | undefined;
  /** Nobody is asked before somebody reads. A failure before the first batch is thrown, one after it is the last batch. */
  batches: AsyncIterable<CompletionBatch>;
  /** All of them, for an answer that goes out as one. In place of `batches`; throws whatever it failed with. */
  outcome(): Promise<CompletionBatch[]>;
}

export type CompletionBatch =
  /** In the client's own words: bytes as the provider sent them. */
  | { type: 'bytes'; bytes: Buffer }
  /** In ours, for the client's dialect to put into its words. `finish` is not among them. */
  | { type: 'events'; events: AnswerPiece[] }
  /** The last one: the run as it was stored. With `error` the dialect's own error event has to follow. */
  | { type: 'end'; run: Run; forwarded: boolean };

/** What an answer is made of, in our words. */
export type AnswerPiece = Exclude<ProviderEvent, { type: 'finish' }>;

/** Puts one answer into a dialect's words, a piece at a time. */
export interface CompletionWriter {
  events(pieces: readonly AnswerPiece[]): string;
  /** The end of an answer that is complete. */
  end(run: Run): string;
  /** The dialect's own error event; absent where an answer is one body, which then is an error answer. */
  failed?(error: RunError): string;
}
