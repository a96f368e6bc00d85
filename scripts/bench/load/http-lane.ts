/**
 * One keep-alive connection that sends a request and waits for its answer, on a bare socket: a client library would cost
 * more than the servers that are measured.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const headEnd = '\r\n\r\n';

export class HttpLane {
  readonly #socket: Socket;
  #rest: Buffer | undefined;
  /** Bytes of the body that are still to come; -1 between answers. */
  #missing = -1;
  #good = false;
  #onAnswer: (good: boolean) => void = () => {};

  static async open(port: number): Promise<HttpLane> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new HttpLane(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#onAnswer(false));
  }

  send(request: Buffer, onAnswer: (good: boolean) => void): void {
    this.#onAnswer = onAnswer;
    if (this.isOpen) this.#socket.write(request);
    else setImmediate(onAnswer, false);
  }

  /** False when the server let go of it, as it does with one that was idle for long. */
  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.readyState === 'open';
  }

  close(): void {
    this.#onAnswer = () => {};
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#missing === -1) this.#readHead(this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk);
    else this.#take(chunk.length);
  }

  #readHead(bytes: Buffer): void {
    const end = bytes.indexOf(headEnd);
    if (end === -1) {
      this.#rest = bytes;
      return;
    }
    this.#rest = undefined;
    const head = bytes.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    this.#good = head.startsWith('HTTP/1.1 200') && length !== undefined;
    this.#missing = Number(length ?? 0);
    this.#take(bytes.length - end - headEnd.length);
  }

  #take(length: number): void {
    this.#missing -= length;
    if (this.#missing > 0) return;
    this.#missing = -1;
    this.#onAnswer(this.#good);
  }
}

export interface Request {
  method: 'GET' | 'POST';
  path: string;
  body?: string;
  key?: string;
}

export function toBytes({ method, path, body = '', key }: Request): Buffer {
  return Buffer.from(
    `${[
      `${method} ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      ...(key === undefined ? [] : [`Authorization: Bearer ${key}`]),
      ...(method === 'GET' ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]),
    ].join('\r\n')}${headEnd}${body}`,
  );
}
