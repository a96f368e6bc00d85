import { Answer } from '../../core/answer.ts';
import type { CompletionWriter } from '../../core/completion.ts';
import { toMessage } from './to-message.ts';

/** A message as one JSON body: nothing is said before all is known. */
export function createMessageWriter(): CompletionWriter {
  const answer = new Answer();
  return {
    events(events) {
      for (const event of events) answer.add(event);
      return '';
    },
    end: (run) => JSON.stringify(toMessage(run, answer.parts())),
  };
}
