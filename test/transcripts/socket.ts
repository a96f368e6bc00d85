import { once } from 'node:events';
import { WebSocket } from 'ws';
import { headersOf, type Received, readRequest, receive } from './exchange.ts';

/** A socket, and what came over it that nobody has taken yet: frames as they were, and how it was closed. */
export interface Socket {
  /** The answer to the request that opens it: 101, or a refusal. */
  readonly opened: Promise<Received>;
  readonly untaken: string[];
  /** Fulfilled with the next frame or the close. */
  news(): Promise<void>;
  send(line: string): void;
  /** Closes, if it is still open; what was on its way has come when this is fulfilled. */
  end(): Promise<void>;
}

export function openSocket(port: number, lines: readonly string[]): Socket {
  const { path, headers } = readRequest(lines);
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  const opened = Promise.withResolvers<Received>();
  const untaken: string[] = [];
  /** By our own wish, or because it was never opened. */
  let isEnding = false;
  let news = Promise.withResolvers<void>();
  const tell = (line: string) => {
    untaken.push(line);
    news.resolve();
    news = Promise.withResolvers();
  };
  socket.on('upgrade', (response) => opened.resolve({ status: 101, headers: headersOf(response), text: '' }));
  socket.on('unexpected-response', (_request, response) => {
    isEnding = true;
    opened.resolve(receive(response));
  });
  socket.on('message', (data) => tell(String(data)));
  socket.on('error', opened.reject);
  opened.promise.catch(() => {});
  socket.on('close', (code, reason) => {
    if (!isEnding) tell(`closed ${code} ${reason}`);
  });
  return {
    opened: opened.promise,
    untaken,
    news: () => news.promise,
    send(line) {
      if (line === 'close') {
        isEnding = true;
        socket.close();
      } else {
        socket.send(line);
      }
    },
    async end() {
      // One that was refused has never been open: to close it would be an error.
      if (socket.readyState === socket.CLOSED || socket.readyState === socket.CONNECTING) return;
      isEnding = true;
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}
