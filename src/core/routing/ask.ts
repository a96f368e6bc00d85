import type { Provider } from '../ports/provider.ts';
import type { Signal } from '../ports/signal.ts';
import type { Run } from '../run.ts';
import type { Target } from './target.ts';

export interface Candidate {
  provider: Provider;
  /** The model's name at that provider. */
  model: string;
  target: Target;
}

export interface Ask<Batch> {
  /** Its `provider` and `attempts` are kept up. */
  run: Run;
  candidates: readonly Candidate[];
  signal: Signal;
  start(candidate: Candidate): AsyncIterator<Batch>;
  /** Whether a batch says anything: from then on there is no other candidate. */
  speaks(batch: Batch): boolean;
  /** Whether a batch is the last one. What an adapter may have behind it is not read. */
  finishes(batch: Batch): boolean;
}

export interface Answering<Batch> {
  readonly candidate: Candidate;
  readonly first: Batch;
  /** Not to be called behind the last batch. Throws what broke the answer. */
  next(): Promise<Batch>;
  /** Reads no further. Does nothing behind the end. */
  leave(): Promise<void>;
}
