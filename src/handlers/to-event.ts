import type { components } from '../../generated/types/2026-11-01.ts';
import type { RunEvent } from '../core/run.ts';
import { toRun } from './to-run.ts';

type Schemas = components['schemas'];

/** An event of a run as the newest contract has it. Its id is the transport's to carry: `<runId>.<seq>`. */
export type StreamEvent =
  | Schemas['RunStartedEvent']
  | Schemas['MessageDeltaEvent']
  | Schemas['ToolCallDeltaEvent']
  | Schemas['RunCompletedEvent']
  | Schemas['RunFailedEvent'];

export function toEvent(event: RunEvent): StreamEvent {
  switch (event.type) {
    case 'message.delta':
      return { type: 'message.delta', text: event.text };
    case 'tool_call.delta':
      return {
        type: 'tool_call.delta',
        index: event.index,
        ...(event.id === undefined ? {} : { callId: event.id }),
        ...(event.name === undefined ? {} : { name: event.name }),
        arguments: event.arguments,
      };
    case 'run.started':
    case 'run.completed':
    case 'run.failed':
      return { type: event.type, run: toRun(event.run) };
  }
}
