/**
 * A client that writes exactly the bytes it is told, for requests that no HTTP library would send, and reads answers with
 * a parser of its own. Each answer goes to the observer.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type Answer, observeAnswer } from './observe-answer.ts';

export interface RawSocket {
  readonly socket: Socket;
  write(...bytes: (string | Uint8Array)[]): void;
  /** Reads one answer whole. `to` is the request's line without its version: `GET /health`. */
  answer(to: string, about?: Pick<Answer, 'unparsed'>): Promise<Answer>;
  /** Everything that came and was not read as an answer. */
  rest(): Buffer;
  /** Fulfilled when the gateway has closed the connection, or it broke. */
  readonly closed: Promise<void>;
  destroy(): void;
}

export async function openRaw(port: number): Promise<RawSocket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  const chunks: Buffer[] = [];
  let isClosed = false;
  let news = Promise.withResolvers<void>();
  const tell = () => {
    news.resolve();
    news = Promise.withResolvers();
  };
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    tell();
  });
  socket.on('error', () => {});
  const closed = once(socket, 'close').then(() => {
    isClosed = true;
    tell();
  });
  await once(socket, 'connect');

  function joined(): Buffer {
    const bytes = Buffer.concat(chunks);
    chunks.splice(0, chunks.length, bytes);
    return bytes;
  }

  async function answer(to: string, about: Pick<Answer, 'unparsed'> = {}): Promise<Answer> {
    const [method = '', target = ''] = to.split(' ');
    for (;;) {
      const bytes = joined();
      const read = readAnswer(bytes, method, isClosed);
      if (read) {
        chunks[0] = bytes.subarray(read.length);
        const whole = { method, target, ...about, ...read.answer };
        observeAnswer(whole);
        return whole;
      }
      assert.ok(!isClosed, `${to}: the connection ended before an answer, after ${JSON.stringify(String(bytes))}`);
      const wanted = lengthOf(bytes);
      do await news.promise;
      while (!isClosed && chunks.reduce((sum, { length }) => sum + length, 0) < wanted);
    }
  }

  return {
    socket,
    write(...pieces) {
      for (const piece of pieces) socket.write(piece);
    },
    answer,
    rest: joined,
    closed,
    destroy: () => socket.destroy(),
  };
}

type Read = { answer: Omit<Answer, 'method' | 'target'>; length: number };

/** Undefined while there is not enough of it. Interim answers (1xx) are passed over. */
function readAnswer(bytes: Buffer, method: string, isClosed: boolean): Read | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(
    /^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1] ?? assert.fail(`not a status line: ${statusLine}`),
  );
  const headers: IncomingHttpHeaders = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const start = end + 4;
  if (status < 200) {
    const next = readAnswer(bytes.subarray(start), method, isClosed);
    return next && { ...next, length: next.length + start };
  }
  const body = readBody(bytes.subarray(start), method, status, headers, isClosed);
  return body && { answer: { status, headers, text: body.bytes.toString() }, length: start + body.length };
}

/** How long the answer is at least, as far as its head is there and says so. */
function lengthOf(bytes: Buffer): number {
  const end = bytes.indexOf('\r\n\r\n');
  const length = /\r\ncontent-length: (\d+)/i.exec(bytes.toString('latin1', 0, Math.max(end, 0)))?.[1];
  return length === undefined ? 0 : end + 4 + Number(length);
}

function readBody(
  bytes: Buffer,
  method: string,
  status: number,
  headers: IncomingHttpHeaders,
  isClosed: boolean,
): { bytes: Buffer; length: number } | undefined {
  if (method === 'HEAD' || status === 204) return { bytes: Buffer.alloc(0), length: 0 };
  if (headers['transfer-encoding'] === 'chunked') return readChunks(bytes);
  const length = headers['content-length'];
  if (length === undefined) return isClosed ? { bytes, length: bytes.length } : undefined;
  if (bytes.length < Number(length)) return undefined;
  return { bytes: bytes.subarray(0, Number(length)), length: Number(length) };
}

function readChunks(bytes: Buffer): { bytes: Buffer; length: number } | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at);
    if (end === -1) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
    const next = end + 2 + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return { bytes: Buffer.concat(chunks), length: next };
    chunks.push(bytes.subarray(end + 2, end + 2 + size));
    at = next;
  }
}

/** The bytes of a request with a JSON body. */
export function rawRequest(line: string, headers: Record<string, string>, body: string | Uint8Array = ''): Buffer {
  const bytes = Buffer.from(body);
  const all = { Host: 'gateway', ...(bytes.length > 0 ? { 'Content-Length': String(bytes.length) } : {}), ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${line} HTTP/1.1\r\n${head.join('')}\r\n`), bytes]);
}
