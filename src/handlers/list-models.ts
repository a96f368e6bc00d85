import type { Handler } from './handler.ts';

export const listModels: Handler<'listModels'> = ({ gateway, principal }, _input, reply) =>
  reply(200, { items: gateway.models.list(principal) });
