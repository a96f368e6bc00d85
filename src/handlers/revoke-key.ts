import type { Handler } from './handler.ts';
import { toKey } from './to-key.ts';

export const revokeKey: Handler<'revokeKey'> = async ({ gateway, principal }, { path }, reply) =>
  reply(200, toKey(await gateway.keys.revoke(principal, path.id)));
