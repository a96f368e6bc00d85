import type { Handler } from './handler.ts';
import { fromPageQuery, toPage } from './page.ts';
import { toSession } from './to-session.ts';

export const listSessions: Handler<'listSessions'> = async ({ gateway, principal }, { query }, reply) =>
  reply(200, toPage(await gateway.sessions.list(principal, fromPageQuery(query)), toSession));
