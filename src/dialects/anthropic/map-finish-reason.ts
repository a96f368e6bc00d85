import type { FinishReason } from '../../core/run.ts';
import type { Schemas } from './schemas.ts';

/** Why the answer ended, in this wire's word. */
export function mapFinishReason(reason: FinishReason | undefined): Schemas['Message']['stop_reason'] {
  switch (reason) {
    case 'length':
      return 'max_tokens';
    case 'tool_calls':
      return 'tool_use';
    case 'content_filter':
      return 'refusal';
    case 'stop':
    case undefined:
      return 'end_turn';
  }
}
