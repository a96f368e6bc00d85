import type { OperationId } from '../../../generated/operations.ts';
import type { Exchange } from './exchange.ts';

/** Header pairs that every answer carries, for Node's `writeHead`: flat, because that is what costs least. */
export function commonHeaders(exchange: Exchange, extra: readonly string[]): string[] {
  const headers = ['X-Request-Id', exchange.requestId, 'X-Content-Type-Options', 'nosniff'];
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
  headers.push(...extra);
  return headers;
}

/** One head and one end, with the length known: two system calls fewer than a stream. */
export function writeAnswer(
  exchange: Exchange,
  answer: { status: number; contentType: string; text: string; headers: readonly string[] },
): void {
  const { response } = exchange;
  if (response.headersSent || response.destroyed) return;
  const headers = commonHeaders(exchange, answer.headers);
  const length = String(Buffer.byteLength(answer.text));
  headers.push('Content-Type', answer.contentType, 'Content-Length', length);
  response.writeHead(answer.status, headers);
  response.end(answer.text);
}

/** Documents may be kept for a while; whatever tells of a user may not be kept at all. */
export function cacheControl(operation: OperationId | undefined, open: boolean): string {
  return open && operation !== 'getReadiness' && operation !== 'getHealth' && operation !== 'getLiveness'
    ? 'public, max-age=60'
    : 'no-store';
}
