import type { components } from '../../../generated/types/2026-03-01.ts';
import { unversionedOperations } from '../unversioned.ts';
import type { Version } from '../version.ts';
import { changes } from './changes.ts';
import { frames } from './frames.ts';
import { fromChatRequest } from './from-chat-request.ts';
import { toAnswer } from './to-answer.ts';
import { toError } from './to-error.ts';
import { toEvents } from './to-events.ts';

export const version20260301: Version = {
  date: '2026-03-01',
  family: 'v1',
  changes,
  // The body has been checked against this version's contract.
  request: (operation, body) =>
    operation === 'createChat' ? fromChatRequest(body as components['schemas']['ChatRequest']) : body,
  answer: (operation, body, now) => (unversionedOperations.has(operation) ? body : toAnswer(operation, body, now)),
  problemType: 'application/json',
  problem: toError,
  events: (event) => toEvents(event).map((data) => ({ name: 'message', data })),
  frames,
};
