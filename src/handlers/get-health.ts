import type { Handler } from './handler.ts';

export const getHealth: Handler<'getHealth'> = (_context, _input, reply) => reply(200, { status: 'ok' });
