import { Answer } from '../../core/answer.ts';
import type { CompletionWriter } from '../../core/completion.ts';
import type { ResponseRequest } from './from-response-request.ts';
import { toResponse } from './to-response.ts';

/** A response as one JSON body: nothing is said before all is known. */
export function createResponseWriter(body: ResponseRequest): CompletionWriter {
  const answer = new Answer();
  return {
    events(pieces) {
      for (const piece of pieces) answer.add(piece);
      return '';
    },
    end: (run) => JSON.stringify(toResponse(run, answer.parts(), body)),
  };
}
