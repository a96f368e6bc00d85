import type { Handler } from './handler.ts';

export const getDocsScript: Handler<'getDocsScript'> = async ({ documents }, _input, reply) =>
  reply(200, await documents.script());
