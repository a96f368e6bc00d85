import type { Handler } from './handler.ts';

export const getChangelog: Handler<'getChangelog'> = ({ changelog }, _input, reply) => reply(200, changelog());
