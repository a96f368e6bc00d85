import type { Handler } from './handler.ts';

export const getReadiness: Handler<'getReadiness'> = ({ gateway }, _input, reply) =>
  gateway.status.ready() ? reply(200, { status: 'ok' }) : reply(503, { status: 'draining' });
