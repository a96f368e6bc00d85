/** Streams side by side, each on a connection of its own, begun one after another so that their pieces do not coincide. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { processorTime } from '../processor.ts';
import { median } from '../rounds.ts';
import type { Server } from './closed-loop.ts';

export interface StreamSlice {
  /** Processor time of the server, in microseconds a piece; the requests are in it. */
  cost: number;
  /** To the first piece, in milliseconds. */
  firstPiece: number;
}

export interface StreamLoad {
  server: Server;
  request: Buffer;
  /** Stands once in each piece. */
  mark: string;
  streams: number;
  /** Of each stream. */
  pieces: number;
  /** From the begin of one stream to that of the next. */
  apartMs: number;
}

const patienceMs = 15_000;
const lastChunk = Buffer.from('0\r\n\r\n');

export async function runStreams(load: StreamLoad): Promise<StreamSlice> {
  const { server, streams, pieces, apartMs } = load;
  const sockets = await Promise.all(Array.from({ length: streams }, () => open(server.port)));
  const before = processorTime(server.pid);
  const read = sockets.map(async (socket, index) => {
    await new Promise((resolve) => setTimeout(resolve, index * apartMs));
    return readStream(socket, load);
  });
  const firstPieces = await Promise.all(read).finally(() => {
    for (const socket of sockets) socket.destroy();
  });
  const cost = (processorTime(server.pid) - before) / (streams * pieces);
  return { cost, firstPiece: median(firstPieces) };
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** Answers how long the first piece took. A stream that lacks one, or its end, is not measured but fails. */
function readStream(socket: Socket, { server, request, mark, pieces }: StreamLoad): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const fail = (why: string) => reject(new Error(`a stream of ${server.name} ${why}`));
  const timer = setTimeout(() => fail('takes too long'), patienceMs);
  const asked = performance.now();
  let first: number | undefined;
  let seen = 0;
  socket.on('data', (chunk) => {
    seen += count(chunk, mark);
    if (seen > 0) first ??= performance.now() - asked;
    if (!chunk.subarray(-lastChunk.length).equals(lastChunk)) return;
    if (seen === pieces && first !== undefined) resolve(first);
    else fail(`had ${seen} pieces of ${pieces}`);
  });
  socket.on('error', () => fail('broke'));
  socket.on('close', () => fail('was cut'));
  socket.write(request);
  return promise.finally(() => clearTimeout(timer));
}

function count(chunk: Buffer, mark: string): number {
  let found = 0;
  for (let at = chunk.indexOf(mark); at !== -1; at = chunk.indexOf(mark, at + mark.length)) found += 1;
  return found;
}
