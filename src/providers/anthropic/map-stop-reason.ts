import type { FinishReason } from '../../core/run.ts';

/** Why the wire says the answer ended → our word for it. A reason unknown to us is a normal end. */
export function mapStopReason(reason: string | undefined, calledTools: boolean): FinishReason {
  switch (reason) {
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'refusal':
      return 'content_filter';
    default:
      return calledTools ? 'tool_calls' : 'stop';
  }
}
