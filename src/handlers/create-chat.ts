import { fromChatRequest } from './from-chat-request.ts';
import type { Handler } from './handler.ts';
import { toRun } from './to-run.ts';

export const createChat: Handler<'createChat'> = async (
  { gateway, principal, signal, idempotency },
  { body },
  reply,
) => {
  const request = fromChatRequest(body, { stream: false });
  const active = await gateway.runs.start(principal, request, { signal, ...(idempotency ? { idempotency } : {}) });
  if (request.stream) return reply.stream(active);
  const run = await active.outcome();
  return reply(200, toRun(run), { replayed: active.replayed, run, tokens: active.tokens });
};
