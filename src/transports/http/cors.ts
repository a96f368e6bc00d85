import type { IncomingMessage } from 'node:http';

/** What a browser's script may read of an answer. */
const exposed = [
  'X-Request-Id',
  'X-API-Version',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'X-RateLimit-Limit-Tokens',
  'X-RateLimit-Remaining-Tokens',
  'X-RateLimit-Reset-Tokens',
  'X-Gateway-Provider',
  'X-Gateway-Attempts',
  'X-Gateway-Cost',
  'Request-Id',
  'X-Should-Retry',
  'Retry-After',
  'Idempotent-Replayed',
  'Deprecation',
  'Sunset',
  'Link',
].join(', ');

/** Cross-origin reads by allow-list (Fetch standard, section 3.2). Nothing is allowed that the operator did not name. */
export interface Cors {
  /** The header pairs for an answer: the grant, where the origin may read it. */
  headers(request: IncomingMessage): readonly string[];
  /** The header pairs that answer a preflight; undefined when the request is none. */
  preflight(request: IncomingMessage): readonly string[] | undefined;
}

export function createCors(origins: readonly string[]): Cors {
  // A cache may not give to one origin what was meant for another, or for none.
  const refused = origins.length === 0 ? [] : ['Vary', 'Origin'];
  const allowed = new Map(
    origins.map((origin) => [
      origin,
      ['Access-Control-Allow-Origin', origin, 'Access-Control-Expose-Headers', exposed, 'Vary', 'Origin'],
    ]),
  );

  return {
    headers: ({ headers: { origin } }) => allowed.get(origin ?? '') ?? refused,
    preflight({ method, headers }) {
      const { origin } = headers;
      if (method !== 'OPTIONS' || origin === undefined || !headers['access-control-request-method']) return undefined;
      const grant = allowed.get(origin);
      if (!grant) return refused;
      // SDKs send headers of their own (`x-stainless-…`), so those that are asked for are those that are allowed.
      const asked = headers['access-control-request-headers'] ?? 'Authorization, Content-Type';
      return [
        ...grant,
        'Access-Control-Allow-Methods',
        'GET, HEAD, POST, DELETE',
        'Access-Control-Allow-Headers',
        asked,
        'Access-Control-Max-Age',
        '7200',
      ];
    },
  };
}
