/** The gateway over its WebSocket, in the newest version: one question at a time, its answer piece by piece. */
import { Failure, WrongKey } from './failure.ts';

export interface ChatConnection {
  /** Resolves when the answer is complete. Rejects with a `Failure` when it broke off. */
  ask(question: Question, onText: (text: string) => void): Promise<Ending>;
  /** Says goodbye. */
  close(): Promise<void>;
  /** True once no further question can be asked. */
  readonly lost: boolean;
}

export interface Question {
  text: string;
  sessionId?: string;
  model?: string;
}

export interface Ending {
  sessionId: string;
  model: string;
  totalTokens?: number;
}

/** What of the contract's frames is read here. */
interface Frame {
  type?: string;
  text?: string;
  sessionId?: string;
  code?: string;
  detail?: string;
  run?: { model?: string; usage?: { totalTokens?: number }; error?: { detail?: string } };
}

const connectMs = 10_000;
const farewellMs = 500;
const unauthorized = 4401;

interface Exchange {
  onFrame(frame: Frame): void;
  onEnd(failure: Failure): void;
}

export async function connectChat(gateway: URL, key: string): Promise<ChatConnection> {
  const address = new URL('/api/v2/ws', gateway);
  address.protocol = gateway.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(address);
  let exchange: Exchange | undefined;
  let ended: Failure | undefined;

  const end = (failure: Failure) => {
    ended ??= failure;
    exchange?.onEnd(ended);
  };
  socket.addEventListener('message', ({ data }) => exchange?.onFrame(JSON.parse(String(data))));
  socket.addEventListener('close', ({ code, reason }) => end(closed(gateway, code, reason)));

  /** Sends one frame; its result is what `read` makes of those that come back. */
  async function send<Result>(frame: object, read: (frame: Frame) => Result | undefined): Promise<Result> {
    if (ended) throw ended;
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    exchange = {
      onEnd: reject,
      onFrame(answer) {
        const failure = failureOf(answer);
        const result = failure ? undefined : read(answer);
        if (failure) reject(failure);
        if (result !== undefined) resolve(result);
      },
    };
    const go = () => socket.send(JSON.stringify(frame));
    if (socket.readyState === WebSocket.OPEN) go();
    else socket.addEventListener('open', go, { once: true });
    return promise;
  }

  const timer = setTimeout(() => end(new Failure(`No gateway answers at ${gateway.origin}.`)), connectMs);
  await send({ type: 'auth', token: key }, ({ type }) => (type === 'auth_ok' ? true : undefined)).finally(() =>
    clearTimeout(timer),
  );

  return {
    ask({ text, sessionId, model }, onText) {
      const session = sessionId === undefined ? {} : { sessionId };
      const chosen = model === undefined ? {} : { model };
      const input = [{ type: 'text', text }];
      return send({ type: 'message', channel: 'api', input, ...session, ...chosen }, (frame) => {
        if (frame.type === 'message.delta') onText(frame.text ?? '');
        return frame.type === 'run.completed' ? toEnding(frame) : undefined;
      });
    },
    get lost() {
      return ended !== undefined;
    },
    async close() {
      // Whoever leaves in the middle of an answer does not want to hear that it broke off.
      exchange = undefined;
      if (socket.readyState === WebSocket.CLOSED) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      socket.addEventListener('close', () => resolve(), { once: true });
      setTimeout(resolve, farewellMs).unref();
      socket.close(1000);
      await promise;
    },
  };
}

function failureOf({ type, code, detail, run }: Frame): Failure | undefined {
  if (type === 'error') return code === 'UNAUTHORIZED' ? new WrongKey() : new Failure(detail ?? 'The gateway refused.');
  if (type === 'run.failed') return new Failure(run?.error?.detail ?? 'The answer broke off.');
  return undefined;
}

function toEnding({ sessionId = '', run: { model = '', usage = {} } = {} }: Frame): Ending {
  return { sessionId, model, ...usage };
}

function closed(gateway: URL, code: number, reason: string): Failure {
  if (code === unauthorized) return new WrongKey();
  if (code === 1006) return new Failure(`No gateway answers at ${gateway.origin}, or the connection was lost.`);
  return new Failure(`The gateway closed the connection${reason === '' ? '' : `: ${reason}`}.`);
}
