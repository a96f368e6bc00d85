import type { OperationId } from '../../../generated/operations.ts';
import type { NanoDollars } from '../../core/prices.ts';
import type { Exchange } from './exchange.ts';

/** Header pairs that every answer carries, for Node's `writeHead`: flat, because that is what costs least. */
export function commonHeaders(exchange: Exchange, extra: readonly string[]): string[] {
  const headers = ['X-Request-Id', exchange.requestId, 'X-Content-Type-Options', 'nosniff'];
  const { foreign } = exchange;
  if (foreign?.requestIdHeader) headers.push(foreign.requestIdHeader, exchange.requestId);
  if (exchange.versioned) headers.push('X-API-Version', exchange.version.date);
  const { limit } = exchange;
  if (limit) {
    headers.push(
      'X-RateLimit-Limit',
      String(limit.limit),
      'X-RateLimit-Remaining',
      String(limit.remaining),
      'X-RateLimit-Reset',
      String(Math.ceil(limit.resetAt / 1000)),
    );
  }
  const { tokens, by } = exchange;
  if (tokens) {
    headers.push(
      'X-RateLimit-Limit-Tokens',
      String(tokens.limit),
      'X-RateLimit-Remaining-Tokens',
      String(tokens.remaining),
      'X-RateLimit-Reset-Tokens',
      String(Math.ceil(tokens.resetAt / 1000)),
    );
  }
  if (by?.provider !== undefined) {
    headers.push('X-Gateway-Provider', by.provider, 'X-Gateway-Attempts', String(by.attempts));
    const cost = costOf(exchange);
    if (cost !== undefined) headers.push('X-Gateway-Cost', cost);
  }
  headers.push(...exchange.notices, ...extra);
  return headers;
}

/** In dollars, once it is known. Our own versions tell it in the body. */
export function costOf({ foreign, by }: Exchange): string | undefined {
  const cost = foreign && by?.usage?.cost;
  return cost === undefined ? undefined : inDollars(cost);
}

/** Billionths of a dollar as a decimal without an exponent. */
function inDollars(cost: NanoDollars): string {
  return (cost / 1e9).toFixed(9).replace(/\.?0+$/, '');
}

export interface WholeAnswer {
  status: number;
  contentType: string;
  text: string | Buffer;
  headers: readonly string[];
}

/** One head and one end, with the length known: two system calls fewer than a stream. */
export function writeAnswer(exchange: Exchange, answer: WholeAnswer): void {
  const { response } = exchange;
  if (response.headersSent || response.destroyed) return;
  response.writeHead(answer.status, headOf(exchange, answer));
  const { text } = answer;
  // Bytes go out as the Latin-1 text they can be read as: Node then writes head and body at once, and copies neither.
  if (typeof text === 'string') response.end(text);
  else response.end(text.toString('latin1'), 'latin1');
}

export function headOf(exchange: Exchange, { contentType, text, headers }: WholeAnswer): string[] {
  const head = commonHeaders(exchange, headers);
  head.push('Content-Type', contentType, 'Content-Length', String(Buffer.byteLength(text)));
  return head;
}

/** Documents may be kept for a while; whatever tells of a user may not be kept at all. */
export function cacheControl(operation: OperationId | undefined, open: boolean): string {
  return open && operation !== 'getReadiness' && operation !== 'getHealth' && operation !== 'getLiveness'
    ? 'public, max-age=60'
    : 'no-store';
}

/** 204 (RFC 9110, section 15.3.5): a head and no content. */
export function writeNothing(exchange: Exchange, headers: readonly string[]): void {
  const { response } = exchange;
  if (response.headersSent || response.destroyed) return;
  response.writeHead(204, commonHeaders(exchange, headers));
  response.end();
}
