import type { AnswerPiece, CompletionWriter } from '../core/completion.ts';
import type { RunEvent } from '../core/run.ts';
import { fromRunError } from '../core/run-error.ts';
import type { ActiveRun } from '../core/runs.ts';

/** A run of a session in the writer's words. Throws what should be an HTTP error, as long as nothing was said. */
export async function* writeRun({ events }: ActiveRun, writer: CompletionWriter): AsyncGenerator<string, void> {
  let begun = false;
  for await (const batch of events) {
    const [first] = batch;
    if (!begun && first?.type === 'run.failed') throw fromRunError(first.error);
    begun = true;
    yield toText(batch, writer);
  }
}

/** The same as one text. */
export async function wholeRun(active: ActiveRun, writer: CompletionWriter): Promise<string> {
  let text = '';
  for await (const piece of writeRun(active, writer)) text += piece;
  return text;
}

function toText(batch: readonly RunEvent[], writer: CompletionWriter): string {
  const pieces = writer.events(batch.flatMap(toPieces));
  const last = batch.at(-1);
  if (last?.type === 'run.completed') return pieces + writer.end(last.run);
  if (last?.type !== 'run.failed') return pieces;
  if (!writer.failed) throw fromRunError(last.error);
  return pieces + writer.failed(last.error);
}

function toPieces(event: RunEvent): AnswerPiece[] {
  switch (event.type) {
    case 'message.delta':
      return [{ type: 'text', text: event.text }];
    case 'tool_call.delta': {
      const { seq: _, ...piece } = event;
      return [{ ...piece, type: 'tool_call' }];
    }
    case 'run.started':
    case 'run.completed':
    case 'run.failed':
      return [];
  }
}
