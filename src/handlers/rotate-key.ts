import type { Handler } from './handler.ts';
import { toKey } from './to-key.ts';

export const rotateKey: Handler<'rotateKey'> = async ({ gateway, principal }, { path, body }, reply) => {
  const { key, secret } = await gateway.keys.rotate(principal, path.id, body?.graceSeconds ?? 0);
  return reply(200, { ...toKey(key), key: secret });
};
