import { once } from 'node:events';
import { type ClientOptions, WebSocket } from 'ws';
import type { Rig } from './rig.ts';

/** A frame as it came. Tests look at members one by one; the contract's checker has looked at the whole. */
export interface Frame {
  type: string;
  details?: { pointer: string; message: string }[];
  [member: string]: unknown;
}

/** A client of the kind the contract is for: sends frames, and reads them one after another. */
export interface Client {
  socket: WebSocket;
  /** Every frame so far. */
  frames: Frame[];
  send(...frames: unknown[]): void;
  /** Waits for the first frame not yet taken that is wanted, and takes it. Fails when the socket closes before. */
  next(wanted?: string | ((frame: Frame) => boolean)): Promise<Frame>;
  /** Everything up to and with the end of one message: `done`, `error`, `run.completed` or `run.failed`. */
  answer(id?: string): Promise<Frame[]>;
  closed: Promise<{ code: number; reason: string }>;
  close(): Promise<void>;
}

const ends = new Set(['done', 'error', 'run.completed', 'run.failed']);

export async function connect(rig: Rig, path = '/ws', options: ClientOptions = {}): Promise<Client> {
  const socket = new WebSocket(`${rig.url}${path}`, options);
  const client = createClient(socket);
  await once(socket, 'open');
  return client;
}

/** Connected and authenticated. */
export async function enter(rig: Rig, secret: string, path = '/ws', auth: object = {}): Promise<Client> {
  const client = await connect(rig, path);
  client.send({ type: 'auth', token: secret, ...auth });
  await client.next('auth_ok');
  return client;
}

function createClient(socket: WebSocket): Client {
  const frames: Frame[] = [];
  const untaken: Frame[] = [];
  let news = Promise.withResolvers<void>();
  let over: string | undefined;
  const tell = () => {
    news.resolve();
    news = Promise.withResolvers();
  };
  socket.on('message', (data) => {
    const frame: Frame = JSON.parse(String(data));
    frames.push(frame);
    untaken.push(frame);
    tell();
  });
  socket.on('error', () => {});
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      over = `${code} ${String(reason)}`;
      tell();
      resolve({ code, reason: String(reason) });
    });
  });

  async function next(wanted: string | ((frame: Frame) => boolean) = () => true): Promise<Frame> {
    const fits = typeof wanted === 'string' ? ({ type }: Frame) => type === wanted : wanted;
    for (;;) {
      const index = untaken.findIndex(fits);
      const [frame] = index === -1 ? [] : untaken.splice(index, 1);
      if (frame) return frame;
      if (over !== undefined) throw new Error(`closed (${over}) before ${wanted}; had ${JSON.stringify(frames)}`);
      await news.promise;
    }
  }

  return {
    socket,
    frames,
    closed,
    next,
    send(...all) {
      for (const frame of all) socket.send(typeof frame === 'object' ? JSON.stringify(frame) : String(frame));
    },
    async answer(id) {
      const answer: Frame[] = [];
      for (;;) {
        const frame = await next((one) => (id === undefined ? true : one.id === id));
        answer.push(frame);
        if (ends.has(frame.type)) return answer;
      }
    },
    async close() {
      socket.close();
      await closed;
    },
  };
}
