import type { AnswerPiece, CompletionWriter } from '../../core/completion.ts';
import type { Run } from '../../core/run.ts';
import type { ResponseRequest } from './from-response-request.ts';
import { createOutputItems } from './output-items.ts';
import { clientTools } from './response-tools.ts';
import { endedResponse, failedResponse, itemStatus, responseOf } from './to-response.ts';

/**
 * A response as Server-Sent Events under OpenAI's names, numbered from 0. The response is told as it begins and as it
 * ends; between the two stand the items of its output, each added, filled and done.
 */
export function createResponseStream(run: Run, body: ResponseRequest): CompletionWriter {
  let sequence = 0;
  let begun = false;
  const items = createOutputItems(run.id, clientTools(body), write);

  function write(type: string, members: object): string {
    const data = { type, sequence_number: sequence, ...members };
    sequence += 1;
    return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  function begin(): string {
    if (begun) return '';
    begun = true;
    const response = responseOf(run, [], body);
    return write('response.created', { response }) + write('response.in_progress', { response });
  }

  function add(piece: AnswerPiece): string {
    return piece.type === 'text' ? items.text(piece.text) : items.call(piece);
  }

  return {
    events(pieces) {
      let text = begin();
      for (const piece of pieces) text += add(piece);
      return text;
    },
    end(ended) {
      const text = begin() + items.close(itemStatus(ended.finishReason));
      const response = endedResponse(ended, items.output(), body);
      return text + write(`response.${response.status}`, { response });
    },
    failed(error) {
      // So far a provider's own events went out, and their response is not ours to end.
      if (!begun) return write('error', { code: error.code.toLowerCase(), message: error.message, param: null });
      items.breakOff();
      return write('response.failed', { response: failedResponse(run, error, items.output(), body) });
    },
  };
}
