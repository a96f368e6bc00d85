import type { ActiveCompletion, CompletionBatch, CompletionWriter } from '../core/completion.ts';
import { fromRunError } from '../core/run-error.ts';

/** An answer that goes out as one: a provider's bytes as they are, everything else in the writer's words. */
export function wholeCompletion(batches: readonly CompletionBatch[], writer: CompletionWriter): string | Buffer {
  const pieces: (string | Buffer)[] = [];
  for (const batch of batches) {
    const piece = toPiece(batch, writer);
    if (piece.length > 0) pieces.push(piece);
  }
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}

/** The same of an answer that goes out as it comes. */
export function writeCompletion(
  { batches }: Pick<ActiveCompletion, 'batches'>,
  writer: CompletionWriter,
): AsyncIterable<string | Buffer> {
  return new WrittenCompletion(batches[Symbol.asyncIterator](), writer);
}

/** By hand: a generator around a generator costs as much for each piece as writing it does. */
class WrittenCompletion implements AsyncIterableIterator<string | Buffer, void> {
  readonly #batches: AsyncIterator<CompletionBatch, void>;
  readonly #writer: CompletionWriter;
  #hasEnded = false;

  constructor(batches: AsyncIterator<CompletionBatch, void>, writer: CompletionWriter) {
    this.#batches = batches;
    this.#writer = writer;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<string | Buffer, void>> {
    if (this.#hasEnded) return { done: true, value: undefined };
    const { done, value } = await this.#batches.next();
    if (done) return { done, value: undefined };
    this.#hasEnded = value.type === 'end';
    return { done: false, value: toPiece(value, this.#writer) };
  }

  async return(): Promise<IteratorResult<string | Buffer, void>> {
    await this.#batches.return?.();
    return { done: true, value: undefined };
  }
}

function toPiece(batch: CompletionBatch, writer: CompletionWriter): string | Buffer {
  switch (batch.type) {
    case 'bytes':
      return batch.bytes;
    case 'events':
      return writer.events(batch.events);
    case 'end': {
      const { error } = batch.run;
      if (!error) return batch.forwarded ? '' : writer.end(batch.run);
      if (!writer.failed) throw fromRunError(error);
      return writer.failed(error);
    }
  }
}
