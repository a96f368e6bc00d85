/**
 * The wire room: what every chat platform shares. The door is this client for their HTTP APIs; beside it stand comparing
 * secrets, reading webhooks, and Markdown as a syntax tree that a dialect is rendered from. It knows no platform.
 *
 * No retries and no redirects: the outbox decides when a send is tried again, and a signed or authorised request is for
 * the host that it was made for.
 */
import Agent from 'undici/lib/dispatcher/agent.js';
import type { Clock } from '../../core/ports/clock.ts';
import { type HttpAnswer, HttpExchange } from './http-exchange.ts';

export type { HttpAnswer };

export interface HttpRequest {
  readonly method: 'POST' | 'PATCH';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpClient {
  /** Every answer, whatever its status. Throws a `SendError` when there is none, or the signal's reason. */
  exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** Lets running exchanges end. */
  close(): Promise<void>;
}

/** Of one send, from the connection to the end of the answer. */
const deadlineMs = 15_000;

export function createHttpClient(channel: string, clock: Clock): HttpClient {
  const agent = new Agent({
    connections: 32,
    // HTTP/1.1 only: giving a call up is then closing its socket.
    allowH2: false,
    pipelining: 1,
    // The gateway's own deadline runs on its clock; undici's would be a second set.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: deadlineMs },
    keepAliveTimeout: 30_000,
  });
  return {
    exchange({ method, url, headers, body }, signal) {
      return new Promise((resolve, reject) => {
        const exchange = new HttpExchange(channel, signal, { resolve, reject });
        const deadline = clock.after(deadlineMs, () => exchange.expire());
        exchange.whenOver(() => deadline.cancel());
        if (signal.aborted) return;
        const { origin, pathname, search } = url;
        const all = { 'user-agent': 'openclaw-gateway', ...headers };
        try {
          agent.dispatch({ origin, path: pathname + search, method, headers: all, body }, exchange);
        } catch (thrown) {
          // Such as a header that no header can be.
          exchange.onResponseError(null, thrown instanceof Error ? thrown : new Error('not dispatched'));
        }
      });
    },
    close: () => agent.close(),
  };
}
