import type { FinishReason } from '../../core/run.ts';
import { Reported } from '../wire/bad-answer.ts';

/** Why the wire says the answer ended → our word for it. A reason unknown to us is a normal end. */
export function mapFinishReason(reason: string | undefined, calledTools: boolean): FinishReason {
  switch (reason) {
    case 'length':
    case 'model_length':
      return 'length';
    case 'content_filter':
      return 'content_filter';
    // Ends for the server's own reasons, in the midst of the answer: DeepSeek's word, then OpenRouter's and Mistral's.
    case 'insufficient_system_resource':
    case 'error':
      throw new Reported({ error: { type: 'server_error', message: `finish_reason: ${reason}` } });
    default:
      // OpenAI says `stop` after a tool that the request forced, some servers after any tool.
      return calledTools ? 'tool_calls' : 'stop';
  }
}
