import type { Handler } from './handler.ts';

export const listChannels: Handler<'listChannels'> = ({ gateway }, _input, reply) =>
  reply(200, { items: gateway.channels.list() });
