import type { Handler } from './handler.ts';
import { toSession } from './to-session.ts';

export const changeSession: Handler<'changeSession'> = async (context, { path, body }, reply) => {
  const { gateway, principal, signal, idempotency } = context;
  const change = async () => toSession(await gateway.sessions.change(principal, path.id, body, signal));
  if (!idempotency) return reply(200, await change());
  const claim = { operation: 'changeSession', ...idempotency };
  const { answer, replayed } = await gateway.idempotency.once(principal, claim, change, {
    write: (session) => JSON.stringify(session),
    read: (text): Awaited<ReturnType<typeof change>> => JSON.parse(text),
  });
  return reply(200, answer, { replayed });
};
