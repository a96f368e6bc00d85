import type { Duplex } from 'node:stream';
import type { GatewayError } from '../../core/errors.ts';
import { toProblem } from '../../handlers/to-problem.ts';
import type { Version } from '../../versions/version.ts';
import { STATUS_CODES } from '../node-http.ts';

/** Answers an upgrade request in HTTP, in the envelope of its version, and closes. */
export function refuseUpgrade(wire: Duplex, error: GatewayError, version: Version, requestId: string): void {
  const { status } = error.entry;
  const body = JSON.stringify(version.problem(toProblem(error, requestId)));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${version.problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    `X-API-Version: ${version.date}`,
    `X-Request-Id: ${requestId}`,
    ...(error.retryAfter === undefined ? [] : [`Retry-After: ${error.retryAfter}`]),
    ...(status === 405 ? ['Allow: GET'] : []),
    // RFC 6455, 4.4: tells a client of another protocol version which one there is.
    ...(status === 400 ? ['Sec-WebSocket-Version: 13'] : []),
  ];
  wire.on('error', () => wire.destroy());
  wire.once('finish', () => wire.destroy());
  wire.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
