import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../../core/errors.ts';
import { deepest, isTooDeep } from '../../core/json-depth.ts';
import type { Clock } from '../../core/ports/clock.ts';

export interface Body {
  bytes: Buffer;
  json: unknown;
}

/** How long a body may take to arrive: a client that drips it holds a socket and nothing else. */
const arrivalMs = 15_000;
/** Reads and parses a JSON body. Undefined when there is none. */
export function readJsonBody(
  request: IncomingMessage,
  limit: number,
  clock: Clock,
): Promise<Body | undefined> | Body | undefined {
  const length = request.headers['content-length'];
  if (length === undefined && request.headers['transfer-encoding'] === undefined) return undefined;
  if (length === '0') return undefined;
  const bytes = readRawBody(request, { contentTypes: ['application/json'], limit }, clock);
  return bytes instanceof Promise ? bytes.then(toBody) : toBody(bytes);
}

function toBody(bytes: Buffer): Body | undefined {
  return bytes.length === 0 ? undefined : { bytes, json: parseJson(bytes) };
}

/** Reads a body as it is. Most come with their heads, so that there is nothing to wait for. */
export function readRawBody(
  request: IncomingMessage,
  { contentTypes, limit }: { contentTypes: readonly string[]; limit: number },
  clock: Clock,
): Promise<Buffer> | Buffer {
  refuseOtherTypes(request, contentTypes);
  const length = request.headers['content-length'];
  if (length !== undefined && Number(length) > limit) throw tooLarge(limit);
  if (request.readableLength !== Number(length)) return collect(request, limit, clock);
  const bytes: unknown = request.read();
  return Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
}

function refuseOtherTypes(request: IncomingMessage, contentTypes: readonly string[]): void {
  const type = request.headers['content-type'] ?? '';
  const end = type.indexOf(';');
  const media = (end === -1 ? type : type.slice(0, end)).trim().toLowerCase();
  if (!contentTypes.includes(media)) {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', `Send the body as ${contentTypes.join(' or ')}.`);
  }
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1]?.toLowerCase();
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'Send the body in UTF-8.');
  }
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new GatewayError('UNSUPPORTED_MEDIA_TYPE', 'Send the body without Content-Encoding.');
  }
}

function collect(request: IncomingMessage, limit: number, clock: Clock): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = clock.after(arrivalMs, () => {
      fail(new GatewayError('REQUEST_TIMEOUT', 'The request did not arrive in time.'));
    });
    function fail(error: GatewayError): void {
      done();
      reject(error);
    }
    function onData(chunk: Buffer): void {
      size += chunk.length;
      if (size > limit) fail(tooLarge(limit));
      else chunks.push(chunk);
    }
    function onEnd(): void {
      done();
      const [only] = chunks;
      resolve(chunks.length === 1 && only ? only : Buffer.concat(chunks, size));
    }
    function onClose(): void {
      fail(new GatewayError('CLIENT_CLOSED', 'The client went away.'));
    }
    function done(): void {
      timer.cancel();
      request.off('data', onData).off('end', onEnd).off('close', onClose);
    }
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw invalid('must be UTF-8');
  const text = bytes.toString();
  if (isTooDeep(text)) throw invalid(`must not be nested deeper than ${deepest} levels`);
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('must be JSON');
  }
}

function tooLarge(limit: number): GatewayError {
  return new GatewayError('PAYLOAD_TOO_LARGE', `The body may have ${limit} bytes.`);
}

function invalid(message: string): GatewayError {
  return new GatewayError('INVALID_REQUEST', `The body ${message}.`, { faults: [{ pointer: '', message }] });
}
