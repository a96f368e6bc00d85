import type { Handler } from './handler.ts';
import { toSession } from './to-session.ts';

export const getSession: Handler<'getSession'> = async ({ gateway, principal }, { path }, reply) =>
  reply(200, toSession(await gateway.sessions.get(principal, path.id)));
