/** A proxy that hands on a request and its answer as they are and parses both, and nothing more. */
import { createServer, type ServerResponse } from 'node:http';
import { type Dispatcher, Pool } from 'undici';
import { listen, readOptions } from './listen.ts';

const pool = new Pool(readOptions().upstream, { headersTimeout: 0, bodyTimeout: 0 });
const headers = ['content-type', 'application/json'];

class Forward implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;
  readonly #chunks: Buffer[] = [];

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  onRequestStart(): void {}

  onResponseStart(): void {}

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = whole(this.#chunks);
    if (!isObject(JSON.parse(body.toString()))) return void this.#response.destroy();
    this.#response.writeHead(200, ['Content-Type', 'application/json', 'Content-Length', String(body.length)]);
    this.#response.end(body);
  }

  onResponseError(): void {
    this.#response.destroy();
  }
}

function whole(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first && chunks.length === 1 ? first : Buffer.concat(chunks);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

listen(
  createServer({ noDelay: true }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = whole(chunks);
      if (!isObject(JSON.parse(body.toString()))) return void response.writeHead(400).end();
      pool.dispatch({ method: 'POST', path: '/v1/chat/completions', headers, body }, new Forward(response));
    });
  }),
);
