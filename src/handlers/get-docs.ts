import type { Handler } from './handler.ts';

export const getDocs: Handler<'getDocs'> = async ({ documents }, { query }, reply) =>
  reply(200, await documents.page('openapi', query.version));
