import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a browser's script may read of an answer. */
const exposed = [
  'X-Request-Id',
  'X-API-Version',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'Retry-After',
  'Idempotent-Replayed',
  'Deprecation',
  'Sunset',
  'Link',
].join(', ');

/** Cross-origin reads by allow-list (Fetch standard, section 3.2). Nothing is allowed that the operator did not name. */
export interface Cors {
  /** The header pairs for an answer; none when the origin may not read it. */
  headers(request: IncomingMessage): readonly string[];
  /** Answers a preflight; false when the request is none. */
  preflight(request: IncomingMessage, response: ServerResponse): boolean;
}

export function createCors(origins: readonly string[]): Cors {
  const allowed = new Map(
    origins.map((origin) => [
      origin,
      ['Access-Control-Allow-Origin', origin, 'Access-Control-Expose-Headers', exposed, 'Vary', 'Origin'],
    ]),
  );

  function headers(request: IncomingMessage): readonly string[] {
    const { origin } = request.headers;
    return origin === undefined ? [] : (allowed.get(origin) ?? []);
  }

  return {
    headers,
    preflight(request, response) {
      const isPreflight =
        request.method === 'OPTIONS' &&
        request.headers.origin !== undefined &&
        request.headers['access-control-request-method'] !== undefined;
      if (!isPreflight) return false;
      const grant = headers(request);
      // SDKs send headers of their own (`x-stainless-…`), so those that are asked for are those that are allowed.
      const asked = request.headers['access-control-request-headers'];
      response.writeHead(204, [
        ...grant,
        ...(grant.length > 0
          ? [
              'Access-Control-Allow-Methods',
              'GET, HEAD, POST, DELETE',
              'Access-Control-Allow-Headers',
              asked ?? 'Authorization, Content-Type',
              'Access-Control-Max-Age',
              '7200',
            ]
          : []),
        'Content-Length',
        '0',
      ]);
      response.end();
      return true;
    },
  };
}
