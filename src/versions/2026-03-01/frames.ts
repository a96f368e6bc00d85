import type { components } from '../../../generated/types/2026-03-01.ts';
import type { Frames } from '../version.ts';
import { toErrorMembers } from './to-error.ts';
import { toEvents } from './to-events.ts';
import { toText } from './to-text.ts';

type Schemas = components['schemas'];

/** Frames are the events of a stream; the transport adds `sessionId`, `eventId` and the client's `id`. */
export const frames: Frames = {
  request(frame) {
    // The frame has been checked against this version's contract.
    const { content, ...rest } = frame as Omit<Schemas['MessageInFrame'], 'type' | 'id'>;
    return { ...rest, input: [{ type: 'text', text: content }] };
  },
  event: toEvents,
  whole(event) {
    const { message } = event.run;
    const said = event.type === 'run.completed' ? [{ type: 'message', content: toText(message?.parts ?? []) }] : [];
    return [...said, ...toEvents(event)];
  },
  said: (sessionId, message) => ({
    type: 'message',
    content: toText(message.parts),
    sessionId,
    role: message.role,
    messageId: message.id,
  }),
  error: (problem) => ({ type: 'error', ...toErrorMembers(problem) }),
};
