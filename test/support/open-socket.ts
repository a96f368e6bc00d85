/** A WebSocket client that hands every frame it gets to the observer, and gives frames one after another. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ApiVersion } from '../../generated/operations.ts';
import { isDate, said } from './contract.ts';
import { adminKey, type TestGateway } from './start-gateway.ts';

export type Frame = Record<string, unknown> & { type: string };

export interface OpenSocket {
  readonly socket: WebSocket;
  /** Every frame so far. */
  readonly frames: Frame[];
  /** A string goes out as it stands. */
  send(frame: object | string): void;
  /** Waits for the first frame of this type that was not taken yet. Fails when the socket closes before. */
  next(type?: string): Promise<Frame>;
  /** Everything up to the end of one answer. */
  answer(): Promise<Frame[]>;
  readonly closed: Promise<{ code: number; reason: string }>;
  close(): Promise<void>;
}

/** Frames seen so far, as `2026-03-01 chunk`, and codes of those that were failures. */
export const seenFrames = new Set<string>();
export const seenFrameCodes = new Set<string>();

const ends = new Set(['done', 'error', 'run.completed', 'run.failed']);

/** Connects without a word. */
export async function openSocket(gateway: Pick<TestGateway, 'url'>, path = '/ws'): Promise<OpenSocket> {
  const socket = new WebSocket(gateway.url.replace('http', 'ws') + path);
  const open = createSocket(socket, path.startsWith('/api/v2') ? '2026-11-01' : '2026-03-01');
  await once(socket, 'open');
  return open;
}

/** Connects and says who it is. */
export async function enterSocket(
  gateway: Pick<TestGateway, 'url'>,
  key = adminKey,
  path = '/ws',
): Promise<OpenSocket> {
  const open = await openSocket(gateway, path);
  open.send({ type: 'auth', token: key });
  await open.next('auth_ok');
  return open;
}

function createSocket(socket: WebSocket, presumed: ApiVersion): OpenSocket {
  let date = presumed;
  const frames: Frame[] = [];
  const untaken: Frame[] = [];
  let failure: unknown;
  let news = Promise.withResolvers<void>();
  const tell = () => {
    news.resolve();
    news = Promise.withResolvers();
  };
  socket.on('error', () => {});
  socket.on('message', (data, isBinary) => {
    try {
      assert.ok(!isBinary, 'a frame of bytes');
      const frame: Frame = JSON.parse(String(data));
      if (frame.type === 'auth_ok' && isDate(frame.version)) date = frame.version;
      observeFrame(date, frame);
      frames.push(frame);
      untaken.push(frame);
    } catch (error) {
      failure ??= error;
    }
    tell();
  });
  const closed = once(socket, 'close').then(([code, reason]) => {
    failure ??= new Error(`the socket was closed: ${code} ${reason}`);
    tell();
    return { code: Number(code), reason: String(reason) };
  });

  async function next(type?: string): Promise<Frame> {
    for (;;) {
      const at = untaken.findIndex((frame) => type === undefined || frame.type === type);
      const [frame] = at === -1 ? [] : untaken.splice(at, 1);
      if (frame) return frame;
      if (failure !== undefined) throw failure;
      await news.promise;
    }
  }

  return {
    socket,
    frames,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    next,
    async answer() {
      const answer: Frame[] = [];
      do answer.push(await next());
      while (!ends.has(answer.at(-1)?.type ?? ''));
      return answer;
    },
    closed,
    async close() {
      socket.close();
      await closed;
    },
  };
}

function observeFrame(date: ApiVersion, frame: Frame): void {
  const validate = said[date].serverFrames[frame.type];
  assert.ok(validate, `${date} has no frame ${frame.type}`);
  assert.ok(validate(frame), `frame ${frame.type}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(frame)}`);
  seenFrames.add(`${date} ${frame.type}`);
  if (typeof frame.code === 'string') seenFrameCodes.add(frame.code);
}
