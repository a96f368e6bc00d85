import type { Handler } from './handler.ts';

export const getAsyncApiJson: Handler<'getAsyncApiJson'> = async ({ documents }, { query }, reply) =>
  reply(200, JSON.parse(await documents.specification('asyncapi', 'json', query.version)));
