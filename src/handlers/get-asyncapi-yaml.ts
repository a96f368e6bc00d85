import type { Handler } from './handler.ts';

export const getAsyncApiYaml: Handler<'getAsyncApiYaml'> = async ({ documents }, { query }, reply) =>
  reply(200, await documents.specification('asyncapi', 'yaml', query.version));
