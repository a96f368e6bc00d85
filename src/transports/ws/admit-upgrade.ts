import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../../core/errors.ts';
import { defaultVersion, versions } from '../../versions/index.ts';
import type { Negotiate } from '../../versions/negotiate.ts';
import type { Version } from '../../versions/version.ts';

/** What an upgrade request asked for; with `refusal` it gets no socket. */
export interface Admission {
  family?: string;
  header?: string;
  /** The version that path or header name, else the default. */
  version: Version;
  /** True when path or header name it: no later word can change it. */
  named: boolean;
  refusal?: GatewayError;
}

export interface Gate {
  origins: readonly string[];
  negotiate: Negotiate;
  isDraining(): boolean;
  isFull(address: string): boolean;
}

const families = new Map<string, string | undefined>([
  ['/ws', undefined],
  ['/api/ws', undefined],
  ...versions.map(({ family }) => [`/api/${family}/ws`, family] as const),
]);

export function admitUpgrade(request: IncomingMessage, gate: Gate): Admission {
  const [path = '', query] = (request.url ?? '').split('?', 2);
  if (!families.has(path)) {
    return { version: defaultVersion, named: false, refusal: new GatewayError('NOT_FOUND', 'There is nothing here.') };
  }
  const wanted = wantedOf(request, families.get(path));
  const named = 'family' in wanted || 'header' in wanted;
  try {
    // Where nothing is named yet, the default is only a shape for errors: `auth` or the key may name a version.
    const version = named ? gate.negotiate(wanted) : defaultVersion;
    const refusal = refusalOf(request, query, gate);
    return { ...wanted, version, named, ...(refusal ? { refusal } : {}) };
  } catch (error) {
    if (error instanceof GatewayError) return { version: defaultVersion, named: false, refusal: error };
    throw error;
  }
}

export function addressOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? '';
}

/** The client's own name for the request, where it is harmless. */
export function requestIdOf({ headers }: IncomingMessage): string | undefined {
  const named = headers['x-request-id'];
  return typeof named === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(named) ? named : undefined;
}

function wantedOf({ headers }: IncomingMessage, family: string | undefined): { family?: string; header?: string } {
  const header = headers['x-api-version'];
  return {
    ...(family === undefined ? {} : { family }),
    ...(header === undefined ? {} : { header: String(header) }),
  };
}

function refusalOf(request: IncomingMessage, query: string | undefined, gate: Gate): GatewayError | undefined {
  if (request.method !== 'GET') return new GatewayError('METHOD_NOT_ALLOWED', 'A WebSocket is opened with GET.');
  if (query) {
    const message = 'The address takes no query, least of all a key: addresses are logged. Send it in `auth`.';
    return new GatewayError('INVALID_REQUEST', message, { faults: [{ pointer: '/query', message: 'must be absent' }] });
  }
  if (!isWelcome(request, gate.origins)) {
    return new GatewayError('FORBIDDEN', 'Pages of this origin may not connect. The operator can allow it.');
  }
  if (gate.isDraining()) {
    return new GatewayError('SHUTTING_DOWN', 'The gateway is shutting down. Try again in a moment.');
  }
  if (gate.isFull(addressOf(request))) {
    return new GatewayError('RATE_LIMITED', 'Too many connections of this address have not authenticated.');
  }
  return undefined;
}

/**
 * Browsers tell the page's origin, programs none. A page may connect when its origin is on the list, letter by letter,
 * or when it came from this gateway on loopback, as its own documents do. Any name for the gateway would not do: an
 * attacker's name can be made to resolve to 127.0.0.1, and would then be both `Origin` and `Host`.
 */
function isWelcome({ headers }: IncomingMessage, origins: readonly string[]): boolean {
  const { origin, host = '' } = headers;
  const older = headers['sec-websocket-origin'];
  if (older !== undefined) return origins.includes(String(older));
  if (origin === undefined || origins.includes(origin)) return true;
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host) && origin === `http://${host}`;
}
