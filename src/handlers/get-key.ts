import type { Handler } from './handler.ts';
import { toKey } from './to-key.ts';

export const getKey: Handler<'getKey'> = async ({ gateway, principal }, { path }, reply) => {
  const key = gateway.keys.get(principal, path.id);
  return reply(200, toKey(key, await gateway.spending.spentOf(key)));
};
