import type { Duplex } from 'node:stream';
import { GatewayError } from '../../core/errors.ts';
import { toProblem } from '../../handlers/to-problem.ts';
import type { Version } from '../../versions/version.ts';

/** What Node's parser refuses never becomes a request; it is answered in the envelope all the same, on the bare socket. */
export function refuseConnection(
  fault: NodeJS.ErrnoException,
  socket: Duplex,
  version: Version,
  requestId: string,
): void {
  if (!socket.writable || fault.code === 'ECONNRESET') return void socket.destroy();
  const error = toError(fault.code);
  const { status } = error.entry;
  const body = JSON.stringify(version.problem(toProblem(error, requestId)));
  const head = [
    `HTTP/1.1 ${status} ${error.entry.title}`,
    `Content-Type: ${version.problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function toError(code: string | undefined): GatewayError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new GatewayError('HEADERS_TOO_LARGE', 'The request head may have 16384 bytes.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new GatewayError('REQUEST_TIMEOUT', 'The request did not arrive in time.');
    default:
      return new GatewayError('INVALID_REQUEST', 'This is not HTTP.', {
        faults: [{ pointer: '', message: 'must be HTTP/1.1' }],
      });
  }
}
