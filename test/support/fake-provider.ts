/**
 * A provider that is not one: a server on loopback that speaks both wires (`/v1/chat/completions`, `/v1/embeddings`,
 * `/v1/messages`, `/v1/messages/count_tokens`, `/v1/models`) and those of further vendors (see `fake-route.ts`), does as it is
 * told, and remembers what it was asked. Nothing of `src` is in it, so that the two can disagree; the vendors' own clients
 * read it in `fake-provider.test.ts`.
 *
 *   const fake = await startFakeProvider();
 *   fake.next({ status: 429, headers: { 'retry-after': '2' } });   // what the next call gets; others echo
 *   … call fake.openaiUrl or fake.anthropicUrl …
 *   fake.requests[0].body;  await fake.requests[0].closed;
 *   await fake.close();
 *
 * A model's name can carry a behaviour too (`fake-d60-c100-i20`), see `fake-behaviour.ts`.
 */

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as pass } from 'node:timers/promises';
import { type Behaviour, behaviourOf } from './fake-behaviour.ts';
import { type FakeRoute, routeOf } from './fake-route.ts';
import type { FakeBody, FakeWire } from './fake-wire.ts';

export type { Behaviour };

export interface FakeProvider {
  /** The base URLs of the two wires. */
  openaiUrl: string;
  anthropicUrl: string;
  /** Calls in the order they came, without those for the list of models. */
  requests: FakeRequest[];
  /** Sockets that are open now. */
  readonly sockets: number;
  /** Waits until so many calls have come. */
  received(count: number): Promise<FakeRequest>;
  /** What the next call that has none yet gets. */
  next(behaviour: Behaviour): void;
  /** The same for the list of models, which gateways ask for by themselves and whenever they like. */
  nextList(behaviour: Behaviour): void;
  close(): Promise<void>;
}

export interface FakeRequest {
  path: string;
  headers: IncomingHttpHeaders;
  body: FakeBody;
  /** The same, byte for byte. */
  bytes: Buffer;
  /** Of the answer's body, handed to the socket so far. */
  sentBytes: number;
  /** True while the client reads more slowly than the answer is written. */
  stalled: boolean;
  /** Breaks the connection off. */
  breakOff(): void;
  /** Fulfilled when the answer is over; `aborted` when it was the client who ended it. */
  closed: Promise<{ aborted: boolean; at: number }>;
}

export async function startFakeProvider({ remember = true } = {}): Promise<FakeProvider> {
  const queue: Behaviour[] = [];
  const lists: Behaviour[] = [];
  const requests: FakeRequest[] = [];
  const waiting: (() => void)[] = [];
  let sockets = 0;
  const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    if (req.method === 'GET') return listModels(req, res, lists.shift());
    const route = routeOf(req.url ?? '');
    if (!route) return void res.writeHead(404, { 'content-type': 'application/json' }).end('{"detail":"Not Found"}');
    readBody(req, (bytes) => {
      const body: FakeBody = JSON.parse(bytes.toString());
      const request = {
        path: req.url ?? '',
        headers: req.headers,
        body,
        bytes,
        sentBytes: 0,
        stalled: false,
        breakOff: () => res.destroy(),
        closed: closing(res),
      };
      if (remember) requests.push(request);
      for (const wake of waiting.splice(0)) wake();
      const behaviour = queue.shift() ?? behaviourOf(route.model ?? body.model);
      answer(route, request, behaviour, res).catch((error: unknown) => res.destroy(toError(error)));
    });
  });
  server.on('connection', (socket) => {
    sockets++;
    socket.on('close', () => sockets--);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1`;
  return {
    openaiUrl: url,
    anthropicUrl: url,
    requests,
    get sockets() {
      return sockets;
    },
    async received(count) {
      for (;;) {
        const request = requests[count - 1];
        if (request) return request;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    next: (behaviour) => void queue.push(behaviour),
    nextList: (behaviour) => void lists.push(behaviour),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function listModels(req: IncomingMessage, res: ServerResponse, { status = 200, headers = {} }: Behaviour = {}): void {
  const list =
    'anthropic-version' in req.headers
      ? { data: [{ type: 'model', id: 'claude-sonnet-4-5', display_name: 'Claude' }], has_more: false }
      : { object: 'list', data: [{ id: 'gpt-4o', object: 'model', created: 1_715_367_049, owned_by: 'system' }] };
  res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(list));
}

function readBody(req: IncomingMessage, done: (bytes: Buffer) => void): void {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => done(Buffer.concat(chunks)));
}

function closing(res: ServerResponse): FakeRequest['closed'] {
  return new Promise((resolve) => {
    res.on('close', () => resolve({ aborted: !res.writableFinished, at: performance.now() }));
  });
}

async function answer(
  route: FakeRoute,
  request: FakeRequest,
  behaviour: Behaviour,
  res: ServerResponse,
): Promise<void> {
  const { wire } = route;
  if (behaviour.firstByteMs !== undefined) await pass(behaviour.firstByteMs);
  if (behaviour.hangAt === -1 || res.destroyed) return;
  const stream = (route.stream ?? request.body.stream === true) && behaviour.status === undefined;
  const streamType = wire.streamType ?? 'text/event-stream; charset=utf-8';
  const type = behaviour.contentType ?? (stream ? streamType : 'application/json');
  const pieces = piecesOf(wire, request.body, behaviour, stream);
  res.writeHead(behaviour.status ?? 200, { 'content-type': type, ...behaviour.headers });
  if (pieces.length === 1 && isPlain(behaviour)) {
    res.end(pieces[0]);
    return;
  }
  res.flushHeaders();
  await play(pieces, request, behaviour, res);
}

function isPlain({ splitBytes, cutAt, endAt, hangAt }: Behaviour): boolean {
  return splitBytes === undefined && cutAt === undefined && endAt === undefined && hangAt === undefined;
}

function piecesOf(wire: FakeWire, body: FakeBody, behaviour: Behaviour, stream: boolean): (string | Uint8Array)[] {
  if (behaviour.body !== undefined) return [behaviour.body];
  if (behaviour.status !== undefined) return [JSON.stringify(wire.error(behaviour))];
  if (!stream) return [JSON.stringify(behaviour.errorInside ? wire.error(behaviour) : wire.whole(body, behaviour))];
  const events = wire.stream(body, behaviour);
  return behaviour.errorInside ? [...events.slice(0, 4), wire.errorEvent(behaviour)] : events;
}

/** Writes the pieces as the behaviour says, waiting for whoever reads slowly. */
async function play(
  pieces: (string | Uint8Array)[],
  request: FakeRequest,
  behaviour: Behaviour,
  res: ServerResponse,
): Promise<void> {
  const { chunkMs, splitBytes, cutAt, endAt, hangAt } = behaviour;
  const last = Math.min(cutAt ?? Infinity, endAt ?? Infinity, hangAt ?? Infinity);
  const whole = splitBytes === undefined ? pieces : splitAll(pieces, splitBytes);
  for (const [n, piece] of whole.entries()) {
    if (request.sentBytes >= last || res.destroyed) break;
    if (n > 0 && chunkMs !== undefined) await pass(chunkMs);
    if (n > 0 && splitBytes !== undefined) await nextTurn();
    const bytes = bytesOf(piece).subarray(0, last - request.sentBytes);
    request.sentBytes += bytes.length;
    if (res.write(bytes) || res.destroyed) continue;
    request.stalled = true;
    await drained(res);
    request.stalled = false;
  }
  if (hangAt !== undefined) return;
  // Soon: after what was written has left.
  if (cutAt !== undefined) res.socket?.destroySoon();
  else res.end();
}

function bytesOf(piece: string | Uint8Array): Uint8Array {
  return typeof piece === 'string' ? Buffer.from(piece) : piece;
}

function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      res.off('drain', done);
      res.off('close', done);
      resolve();
    };
    res.on('drain', done);
    res.on('close', done);
  });
}

function splitAll(pieces: (string | Uint8Array)[], size: number): Uint8Array[] {
  const bytes = Buffer.concat(pieces.map(bytesOf));
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
