/** A pipe: node:http in, undici out, not a byte looked at. No Node proxy can be cheaper. */
import { createServer, type ServerResponse } from 'node:http';
import { type Dispatcher, Pool } from 'undici';
import { listen, readOptions } from './listen.ts';

const pool = new Pool(readOptions().upstream, { headersTimeout: 0, bodyTimeout: 0 });
const headers = ['content-type', 'application/json'];

class Pipe implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  onRequestStart(): void {}

  onResponseStart(_: Dispatcher.DispatchController, status: number, answered: Record<string, unknown>): void {
    const head: string[] = [];
    for (const name of ['content-type', 'content-length', 'cache-control']) {
      const value = answered[name];
      if (typeof value === 'string') head.push(name, value);
    }
    this.#response.writeHead(status, head);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#response.write(chunk);
  }

  onResponseEnd(): void {
    this.#response.end();
  }

  onResponseError(): void {
    this.#response.destroy();
  }
}

listen(
  createServer({ noDelay: true }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = chunks.length === 1 ? (chunks[0] ?? null) : Buffer.concat(chunks);
      pool.dispatch({ method: 'POST', path: '/v1/chat/completions', headers, body }, new Pipe(response));
    });
  }),
);
