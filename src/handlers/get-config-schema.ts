import type { Handler } from './handler.ts';

export const getConfigSchema: Handler<'getConfigSchema'> = async ({ documents }, _input, reply) =>
  reply(200, JSON.parse(await documents.configSchema()));
