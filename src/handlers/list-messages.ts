import type { Handler } from './handler.ts';
import { fromPageQuery, toPage } from './page.ts';
import { toMessage } from './to-message.ts';

export const listMessages: Handler<'listMessages'> = async ({ gateway, principal }, { path, query }, reply) =>
  reply(200, toPage(await gateway.sessions.messages(principal, path.id, fromPageQuery(query)), toMessage));
