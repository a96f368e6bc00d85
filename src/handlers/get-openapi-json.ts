import type { Handler } from './handler.ts';

export const getOpenApiJson: Handler<'getOpenApiJson'> = async ({ documents }, { query }, reply) =>
  reply(200, JSON.parse(await documents.specification('openapi', 'json', query.version)));
