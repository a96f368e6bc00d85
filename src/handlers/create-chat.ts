import { GatewayError } from '../core/errors.ts';
import type { Run, RunEvent } from '../core/run.ts';
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
  return reply(200, toRun(await outcomeOf(active.events)), { replayed: active.replayed });
};

/** The run at its end; a failure is thrown, because nothing has been sent yet. */
async function outcomeOf(events: AsyncIterable<RunEvent[]>): Promise<Run> {
  let last: RunEvent | undefined;
  for await (const batch of events) last = batch.at(-1);
  if (last?.type === 'run.completed') return last.run;
  if (last?.type === 'run.failed') throw toError(last);
  throw new Error('a run ended without a terminal event');
}

export function toError({ error }: Extract<RunEvent, { type: 'run.failed' }>): GatewayError {
  return new GatewayError(error.code, error.message, error.retryAfter ? { retryAfter: error.retryAfter } : {});
}
