import { GatewayError } from './errors.ts';
import type { Ids } from './ids.ts';
import { hashSecret, makeSecret, prefixOf } from './key-format.ts';
import { limitsOf, moreThan } from './key-limits.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Random } from './ports/random.ts';
import type { KeyHash, Page, PageRequest, Store, StoredKey } from './ports/store.ts';
import { hasScopes, type KeyLimits, type Principal, type PrincipalLimits, type Scope } from './principal.ts';

/**
 * Keys and who stands behind them. All of them are held in a registry that is swapped whole when one changes, here or
 * in another process, so that finding one costs a look-up and a revocation is felt at once.
 */
export interface Keys {
  /** Who a token stands for. Throws `UNAUTHORIZED`. */
  authenticate(token: string): Principal;
  /** True while the key behind this principal is good: long connections ask again when keys change. */
  isGood(principal: Principal): boolean;
  /** Calls back after every change of keys. Returns the function that ends it. */
  onChange(listener: () => void): () => void;
  create(principal: Principal, wanted: NewKey): Promise<{ key: StoredKey; secret: string }>;
  list(principal: Principal, page: PageRequest): Page<StoredKey>;
  get(principal: Principal, id: string): StoredKey;
  revoke(principal: Principal, id: string): Promise<StoredKey>;
  rotate(principal: Principal, id: string, graceSeconds: number): Promise<{ key: StoredKey; secret: string }>;
  count(): number;
  /** Reads all keys anew. */
  reload(): Promise<void>;
  close(): void;
}

export interface NewKey {
  name: string;
  user: string;
  scopes: Scope[];
  limits?: KeyLimits;
  models?: string[];
  apiVersion?: string;
  /** Milliseconds since 1970. */
  expiresAt?: number;
}

export interface KeysParts {
  store: Store;
  clock: Clock;
  random: Random;
  ids: Ids;
  log: Log;
}

export interface KeysSettings {
  /** A key with every scope, given by the operator's environment and stored nowhere. */
  adminKey?: string;
  requestsPerMinute: number;
  /** Of keys that have none of their own. */
  limits?: KeyLimits;
}

/** The operator at the command line, who has the data folder anyway. */
export const operator: Principal = {
  user: 'admin',
  scopes: ['admin'],
  limits: { requestsPerMinute: 1_000_000_000 },
  account: 'operator',
};

interface Entry {
  principal: Principal;
  /** Milliseconds since 1970: good before, and not any more then. */
  until: number;
}

export async function createKeys(parts: KeysParts, settings: KeysSettings): Promise<Keys> {
  const { store, clock, random, ids, log } = parts;
  const defaults: PrincipalLimits = { ...settings.limits, requestsPerMinute: settings.requestsPerMinute };
  const listeners = new Set<() => void>();
  let keys: StoredKey[] = [];
  let byHash = new Map<string, Entry>();
  /** Tokens of keys that are known, as they came: a hash for each request is the dearest thing about a key. */
  let byToken = new Map<string, Entry>();
  let byId = new Map<string, StoredKey>();

  async function reload(): Promise<void> {
    const loaded = await store.loadKeys();
    const entries = new Map<string, Entry>();
    if (settings.adminKey !== undefined) {
      const hash = hashSecret(settings.adminKey);
      const { budget: _, ...limits } = defaults;
      const principal = { ...operator, limits, account: 'key:environment', credential: hash };
      entries.set(hash, { principal, until: Infinity });
    }
    for (const key of loaded) {
      for (const hash of key.hashes) {
        entries.set(hash.hash, { principal: toPrincipal(key, hash.hash, defaults), until: endOf(key, hash) });
      }
    }
    keys = loaded;
    byHash = entries;
    byToken = new Map();
    byId = new Map(loaded.map((key) => [key.id, key]));
    for (const listener of listeners) listener();
  }

  const unwatch = store.watchKeys(() => {
    reload().catch((error: unknown) => log.error({ error }, 'keys could not be read anew'));
  });
  await reload();

  function entryOf(token: string): Entry | undefined {
    const known = byToken.get(token);
    if (known) return known;
    const entry = byHash.get(hashSecret(token));
    if (entry) byToken.set(token, entry);
    return entry;
  }

  function ownOf({ keyId }: Principal): StoredKey | undefined {
    return keyId === undefined ? undefined : byId.get(keyId);
  }

  function visible(principal: Principal, id: string): StoredKey {
    const key = byId.get(id);
    if (!key || (key.user !== principal.user && !hasScopes(principal, ['admin']))) {
      throw new GatewayError('NOT_FOUND', `There is no key ${id}.`);
    }
    return key;
  }

  async function change(id: string, update: Parameters<Store['updateKey']>[1]): Promise<StoredKey> {
    await store.updateKey(id, update);
    await reload();
    const key = byId.get(id);
    if (!key) throw new GatewayError('NOT_FOUND', `There is no key ${id}.`);
    return key;
  }

  return {
    authenticate(token) {
      const entry = entryOf(token);
      if (!entry || !isLive(entry, clock)) {
        throw new GatewayError('UNAUTHORIZED', 'Send a valid key as `Authorization: Bearer <key>`.');
      }
      return entry.principal;
    },
    isGood({ credential }) {
      if (credential === undefined) return true;
      const entry = byHash.get(credential);
      return entry !== undefined && isLive(entry, clock);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async create(principal, wanted) {
      refuseMoreThanOwn(principal, wanted, defaults, ownOf(principal));
      const now = clock.now();
      // Written so that a time that is no number is refused too.
      if (wanted.expiresAt !== undefined && !(wanted.expiresAt > now)) {
        throw invalid('/expiresAt', 'must be in the future');
      }
      const secret = makeSecret(random);
      const { limits = {}, ...rest } = wanted;
      const key: StoredKey = {
        ...rest,
        limits,
        id: ids.key(),
        prefix: prefixOf(secret),
        hashes: [{ hash: hashSecret(secret) }],
        createdAt: now,
      };
      await store.createKey(key);
      await reload();
      return { key, secret };
    },
    list(principal, page) {
      const all = hasScopes(principal, ['admin']) ? keys : keys.filter((key) => key.user === principal.user);
      return pageOf(
        all.toSorted((a, b) => (a.id < b.id ? 1 : -1)),
        page,
      );
    },
    get: visible,
    async revoke(principal, id) {
      const key = visible(principal, id);
      return key.revokedAt === undefined ? change(id, { revokedAt: clock.now() }) : key;
    },
    async rotate(principal, id, graceSeconds) {
      const key = visible(principal, id);
      refuseMoreThanOwn(principal, key, defaults, ownOf(principal));
      const now = clock.now();
      if (!isKeyLive(key, now)) {
        throw new GatewayError('CONFLICT', 'The key is revoked or expired and cannot be rotated. Make a new one.', {
          retryAfter: 1,
        });
      }
      const secret = makeSecret(random);
      const ends = now + graceSeconds * 1000;
      const before = graceSeconds === 0 ? [] : key.hashes.filter((hash) => isHashLive(hash, now));
      const kept = before.map((hash) => ({ hash: hash.hash, expiresAt: Math.min(hash.expiresAt ?? ends, ends) }));
      const changed = await change(id, { prefix: prefixOf(secret), hashes: [{ hash: hashSecret(secret) }, ...kept] });
      return { key: changed, secret };
    },
    count: () => keys.filter((key) => isKeyLive(key, clock.now())).length,
    reload,
    close: unwatch,
  };
}

function toPrincipal(key: StoredKey, credential: string, defaults: PrincipalLimits): Principal {
  return {
    user: key.user,
    scopes: key.scopes,
    limits: limitsOf(key.limits, defaults),
    account: `key:${key.id}`,
    keyId: key.id,
    credential,
    ...(key.models ? { models: key.models } : {}),
    ...(key.apiVersion === undefined ? {} : { apiVersion: key.apiVersion }),
  };
}

function endOf(key: StoredKey, hash: KeyHash): number {
  if (key.revokedAt !== undefined) return Number.NEGATIVE_INFINITY;
  return Math.min(key.expiresAt ?? Infinity, hash.expiresAt ?? Infinity);
}

/** Most keys have no end, and then nobody has to know what time it is. */
function isLive({ until }: Entry, clock: Clock): boolean {
  return until === Infinity || until > clock.now();
}

function isKeyLive(key: StoredKey, now: number): boolean {
  return key.revokedAt === undefined && (key.expiresAt === undefined || key.expiresAt > now);
}

function isHashLive(hash: KeyHash, now: number): boolean {
  return hash.expiresAt === undefined || hash.expiresAt > now;
}

/** A key never makes, or becomes by rotation, one that may do more than itself. */
function refuseMoreThanOwn(
  principal: Principal,
  wanted: Pick<NewKey, 'user' | 'scopes' | 'models' | 'expiresAt' | 'limits'>,
  defaults: PrincipalLimits,
  own: StoredKey | undefined,
): void {
  if (hasScopes(principal, ['admin']) && own?.models === undefined && own?.expiresAt === undefined) return;
  const forbid = (why: string) => {
    throw new GatewayError('FORBIDDEN', why);
  };
  if (!hasScopes(principal, ['admin'])) {
    if (wanted.user !== principal.user) forbid('Only `admin` may name another user.');
    const more = wanted.scopes.filter((scope) => !hasScopes(principal, [scope]));
    if (more.length > 0) forbid(`The key lacks the scope \`${more.join('`, `')}\` and cannot give it.`);
    const higher = higherThanOwn(principal, wanted.limits ?? {}, defaults, own);
    if (higher) forbid(`A key cannot give a higher limit than its own: \`${higher}\`.`);
  }
  const models = own?.models;
  if (models && (!wanted.models || wanted.models.some((model) => !models.includes(model)))) {
    forbid('A key cannot give models that it may not use.');
  }
  if (own?.expiresAt !== undefined && (wanted.expiresAt === undefined || wanted.expiresAt > own.expiresAt)) {
    forbid('A key cannot make one that outlives it.');
  }
}

function higherThanOwn(
  { limits }: Principal,
  wanted: KeyLimits,
  defaults: PrincipalLimits,
  own: StoredKey | undefined,
): string | undefined {
  // Who has the configured limit may leave it to the configuration again.
  const requests = wanted.requestsPerMinute ?? (own?.limits.requestsPerMinute === undefined ? 0 : Infinity);
  if (requests > limits.requestsPerMinute) return 'requestsPerMinute';
  return moreThan(limitsOf(wanted, defaults), limits);
}

function pageOf(keys: StoredKey[], page: PageRequest): Page<StoredKey> {
  const after = page.cursor === undefined ? undefined : fromCursor(page.cursor);
  const start = after === undefined ? 0 : keys.findIndex((key) => key.id < after);
  if (start === -1) return { items: [] };
  const items = keys.slice(start, start + page.limit);
  const last = items.at(-1);
  return start + page.limit < keys.length && last
    ? { items, nextCursor: Buffer.from(last.id).toString('base64url') }
    : { items };
}

function fromCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!id.startsWith('key_')) throw invalid('/cursor', 'must be the nextCursor of an earlier page');
  return id;
}

function invalid(pointer: string, message: string): GatewayError {
  return new GatewayError('INVALID_REQUEST', `The request does not fit the contract: ${pointer} ${message}.`, {
    faults: [{ pointer, message }],
  });
}
