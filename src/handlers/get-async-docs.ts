import type { Handler } from './handler.ts';

export const getAsyncDocs: Handler<'getAsyncDocs'> = async ({ documents }, { query }, reply) =>
  reply(200, await documents.page('asyncapi', query.version));
