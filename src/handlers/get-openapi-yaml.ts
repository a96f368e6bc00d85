import type { Handler } from './handler.ts';

export const getOpenApiYaml: Handler<'getOpenApiYaml'> = async ({ documents }, { query }, reply) =>
  reply(200, await documents.specification('openapi', 'yaml', query.version));
