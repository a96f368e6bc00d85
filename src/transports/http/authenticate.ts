import { GatewayError } from '../../core/errors.ts';
import type { Gateway } from '../../core/gateway.ts';
import type { Exchange } from './exchange.ts';

/** Finds who stands behind the key of a request. Throws, or rejects, when it is missing or not good. */
export type Authenticate = (exchange: Exchange) => Promise<void> | undefined;

export function createAuthenticate({ keys, limits }: Pick<Gateway, 'keys' | 'limits'>): Authenticate {
  /** Who knocks too often hears that instead. */
  async function refuse(exchange: Exchange, error: GatewayError): Promise<never> {
    const address = exchange.request.socket.remoteAddress ?? 'unknown';
    throw await limits.failedAuthentication(address, error);
  }

  return (exchange) => {
    const token = tokenOf(exchange);
    try {
      if (token === undefined) throw new GatewayError('UNAUTHORIZED', 'Send a key as `Authorization: Bearer <key>`.');
      exchange.principal = keys.authenticate(token);
      return undefined;
    } catch (error) {
      if (error instanceof GatewayError) return refuse(exchange, error);
      throw error;
    }
  };
}

/** A vendor's clients may send the key as `x-api-key`. */
function tokenOf({ request, foreign }: Exchange): string | undefined {
  const { authorization, 'x-api-key': apiKey } = request.headers;
  if (authorization === undefined && foreign && typeof apiKey === 'string') return apiKey;
  return bearerToken(authorization);
}

/** RFC 6750, section 2.1. */
function bearerToken(header: string | undefined): string | undefined {
  const match = header === undefined ? null : /^Bearer +([!-~]{1,512})$/i.exec(header);
  return match?.[1];
}
