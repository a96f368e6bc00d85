import type { ActiveCompletion, CompletionBatch, CompletionWriter } from '../core/completion.ts';
import { fromRunError } from '../core/run-error.ts';

/** What goes to the client, as it comes: a provider's bytes as they are, everything else in the writer's words. */
export function writeCompletion(
  { batches }: ActiveCompletion,
  writer: CompletionWriter,
): AsyncIterable<string | Buffer> {
  return {
    [Symbol.asyncIterator]() {
      const source = batches[Symbol.asyncIterator]();
      // By hand: a generator around a generator costs as much for each piece as writing it does.
      return {
        async next() {
          const { done, value } = await source.next();
          return done ? { done, value: undefined } : { done: false, value: toPiece(value, writer) };
        },
        async return() {
          await source.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
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
