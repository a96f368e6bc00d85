import type { Handler } from './handler.ts';
import { fromPageQuery, toPage } from './page.ts';
import { toKey } from './to-key.ts';

export const listKeys: Handler<'listKeys'> = ({ gateway, principal }, { query }, reply) =>
  reply(
    200,
    toPage(gateway.keys.list(principal, fromPageQuery(query)), (key) => toKey(key)),
  );
