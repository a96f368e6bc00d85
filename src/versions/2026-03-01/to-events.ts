import type { components } from '../../../generated/types/2026-03-01.ts';
import type { StreamEvent } from '../../handlers/to-event.ts';
import type { ContractRun } from '../../handlers/to-run.ts';
import { toUsage } from './to-usage.ts';

type Schemas = components['schemas'];
type Event = Schemas['ChunkEvent'] | Schemas['DoneEvent'] | Schemas['ErrorEvent'];

/** A stream has only pieces of text and its end: beginnings and tool calls have no event in this version. */
export function toEvents(event: StreamEvent): Event[] {
  switch (event.type) {
    case 'message.delta':
      return [{ type: 'chunk', content: event.text }];
    case 'run.completed':
      return [
        { type: 'done', usage: toUsage(event.run.usage), sessionId: event.run.sessionId, model: event.run.model },
      ];
    case 'run.failed':
      return [toErrorEvent(event.run)];
    case 'run.started':
    case 'tool_call.delta':
      return [];
  }
}

function toErrorEvent({ error, usage }: ContractRun): Schemas['ErrorEvent'] {
  return {
    type: 'error',
    code: error?.code ?? 'INTERNAL',
    message: error?.detail ?? 'The run failed.',
    ...(error?.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
    ...(usage ? { usage: toUsage(usage) } : {}),
  };
}
