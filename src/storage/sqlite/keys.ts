import type { KeyChange, StoredKey } from '../../core/ports/store.ts';
import type { Connection } from './connection.ts';
import { integer, integerOrNull, json, type Row, text, textOrNull, toRow, toRows } from './rows.ts';
import { isKeyHashes, isKeyLimits, isScopes, isTexts } from './shapes.ts';

/** Keys by their hashes: no key itself is ever here. */
export interface Keys {
  create(key: StoredKey): void;
  load(): StoredKey[];
  update(id: string, change: KeyChange): boolean;
  /** Rises with every change, whichever process made it. */
  revision(): number;
}

const columns =
  'id, name, user, prefix, scopes, requests_per_minute, models, api_version, hashes, created, expires, revoked, limits';

export function createKeys({ prepare }: Connection): Keys {
  const insert = prepare(`INSERT INTO keys (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const load = prepare(`SELECT ${columns} FROM keys ORDER BY created, id`);
  const update = prepare(`
    UPDATE keys SET prefix = coalesce(?, prefix), hashes = coalesce(?, hashes), revoked = coalesce(?, revoked)
    WHERE id = ?
  `);
  const revision = prepare("SELECT revision FROM revisions WHERE subject = 'keys'");

  return {
    create(key) {
      const { requestsPerMinute, ...limits } = key.limits;
      insert.run(
        key.id,
        key.name,
        key.user,
        key.prefix,
        JSON.stringify(key.scopes),
        requestsPerMinute ?? null,
        key.models ? JSON.stringify(key.models) : null,
        key.apiVersion ?? null,
        JSON.stringify(key.hashes),
        key.createdAt,
        key.expiresAt ?? null,
        key.revokedAt ?? null,
        Object.keys(limits).length === 0 ? null : JSON.stringify(limits),
      );
    },
    load: () => toRows(load.all()).map(toKey),
    update(id, { prefix, hashes, revokedAt }) {
      const text = hashes ? JSON.stringify(hashes) : null;
      return update.run(prefix ?? null, text, revokedAt ?? null, id).changes !== 0;
    },
    revision() {
      const row = toRow(revision.get());
      return row ? integer(row, 0) : 0;
    },
  };
}

function toKey(row: Row): StoredKey {
  const requestsPerMinute = integerOrNull(row, 5);
  const models = textOrNull(row, 6);
  const apiVersion = textOrNull(row, 7);
  const expiresAt = integerOrNull(row, 10);
  const revokedAt = integerOrNull(row, 11);
  const limits = textOrNull(row, 12);
  return {
    id: text(row, 0),
    name: text(row, 1),
    user: text(row, 2),
    prefix: text(row, 3),
    scopes: json(text(row, 4), isScopes),
    limits: {
      ...(requestsPerMinute === null ? {} : { requestsPerMinute }),
      ...(limits === null ? {} : json(limits, isKeyLimits)),
    },
    ...(models === null ? {} : { models: json(models, isTexts) }),
    ...(apiVersion === null ? {} : { apiVersion }),
    hashes: json(text(row, 8), isKeyHashes),
    createdAt: integer(row, 9),
    ...(expiresAt === null ? {} : { expiresAt }),
    ...(revokedAt === null ? {} : { revokedAt }),
  };
}
