import type { Handler } from './handler.ts';

export const getChangelog: Handler<'getChangelog'> = async ({ documents }, _input, reply) =>
  reply(200, await documents.changelog());
