import type { Handler } from './handler.ts';
import { toKey } from './to-key.ts';

export const createKey: Handler<'createKey'> = async ({ gateway, principal }, { body }, reply) => {
  const { expiresAt, ...wanted } = body;
  const { key, secret } = await gateway.keys.create(principal, {
    ...wanted,
    ...(expiresAt === undefined ? {} : { expiresAt: Date.parse(expiresAt) }),
  });
  return reply(201, { ...toKey(key), key: secret });
};
