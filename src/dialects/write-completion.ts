import type { ActiveCompletion, CompletionBatch, CompletionWriter } from '../core/completion.ts';
import { fromRunError } from '../core/run-error.ts';

/** What goes to the client, as it comes: a provider's bytes as they are, everything else in the writer's words. */
export async function* writeCompletion(
  { batches }: ActiveCompletion,
  writer: CompletionWriter,
): AsyncGenerator<string | Buffer, void> {
  for await (const batch of batches) yield toPiece(batch, writer);
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
