import { Answer } from '../../core/answer.ts';
import type { CompletionWriter } from '../../core/completion.ts';
import { toChatCompletion } from './to-chat-completion.ts';

/** A chat completion as one JSON body: nothing is said before all is known. */
export function createChatCompletionWriter(): CompletionWriter {
  const answer = new Answer();
  return {
    events(events) {
      for (const event of events) answer.add(event);
      return '';
    },
    end: (run) => JSON.stringify(toChatCompletion(run, answer.parts())),
  };
}
