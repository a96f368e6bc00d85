import type { ActiveCompletion, CompletionWriter } from '../core/completion.ts';
import { wholeCompletion, writeCompletion } from '../dialects/write-completion.ts';
import type { TextAnswer } from './handler.ts';

/** A completion as its client wants it: as it comes, or as one JSON body once all of it is known. */
export async function textOfCompletion(
  active: ActiveCompletion,
  isStream: boolean,
  writer: CompletionWriter,
): Promise<TextAnswer> {
  const { run, tokens } = active;
  if (isStream) return { contentType: 'text/event-stream', chunks: writeCompletion(active, writer), run, tokens };
  return { contentType: 'application/json', text: wholeCompletion(await active.outcome(), writer), run, tokens };
}
