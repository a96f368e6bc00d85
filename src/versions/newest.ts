import type { ContractChatRequest } from '../handlers/from-chat-request.ts';
import type { StreamEvent } from '../handlers/to-event.ts';
import type { Version } from './version.ts';

/** The newest version maps nothing: what handlers answer is what goes out. */
export const newest: Version = {
  date: '2026-11-01',
  family: 'v2',
  changes: [],
  request: (_operation, body) => body,
  answer: (_operation, body) => body,
  problemType: 'application/problem+json',
  problem: (problem) => problem,
  events: (event) => [{ name: event.type, data: event }],
  frames: {
    // The frame has been checked against the contract, where it is a chat request but for `type` and `id`.
    request: (frame) => frame as ContractChatRequest,
    event: (event: StreamEvent) => [event],
    whole: (event) => [event],
    said: (sessionId, message) => ({ type: 'message', sessionId, message }),
    error: ({ type: _, status: __, requestId: ___, ...problem }) => ({ type: 'error', ...problem }),
  },
};
