import type { Duplex } from 'node:stream';
import { GatewayError } from '../../core/errors.ts';
import { toProblem } from '../../handlers/to-problem.ts';
import type { Version } from '../../versions/version.ts';
import { STATUS_CODES } from '../node-http.ts';

/** What Node's parser refuses never becomes a request; it is answered in the envelope all the same, on the bare socket. */
export function refuseConnection(error: GatewayError, socket: Duplex, version: Version, requestId: string): void {
  if (!socket.writable) return void socket.destroy();
  const { status } = error.entry;
  const body = JSON.stringify(version.problem(toProblem(error, requestId)));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `X-Request-Id: ${requestId}`,
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
    `Content-Type: ${version.problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  // Who is refused may be gone before having heard of it.
  socket.on('error', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** The error to answer; undefined when nobody is there any more to read it. */
export function toConnectionError(code = ''): GatewayError | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new GatewayError('HEADERS_TOO_LARGE', 'The request head may have 16384 bytes.');
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new GatewayError('REQUEST_TIMEOUT', 'The request did not arrive in time.');
  }
  return code.startsWith('HPE_') ? notHttp('must be HTTP/1.1') : undefined;
}

export function notHttp(message: string): GatewayError {
  return new GatewayError('INVALID_REQUEST', `The request ${message}.`, { faults: [{ pointer: '', message }] });
}
