import type { Handler } from './handler.ts';
import { knownVersion } from './known-version.ts';
import { toKey } from './to-key.ts';

export const createKey: Handler<'createKey'> = async ({ gateway, principal }, { body }, reply) => {
  const { expiresAt, ...wanted } = body;
  // A key that is pinned to nothing could only ever be refused.
  if (wanted.apiVersion !== undefined) knownVersion(wanted.apiVersion);
  const { key, secret } = await gateway.keys.create(principal, {
    ...wanted,
    ...(expiresAt === undefined ? {} : { expiresAt: Date.parse(expiresAt) }),
  });
  return reply(201, { ...toKey(key), key: secret });
};
