import type { Handler } from './handler.ts';

export const getLiveness: Handler<'getLiveness'> = (_context, _input, reply) => reply(200, { status: 'ok' });
