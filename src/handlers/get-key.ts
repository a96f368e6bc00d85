import type { Handler } from './handler.ts';
import { toKey } from './to-key.ts';

export const getKey: Handler<'getKey'> = ({ gateway, principal }, { path }, reply) =>
  reply(200, toKey(gateway.keys.get(principal, path.id)));
