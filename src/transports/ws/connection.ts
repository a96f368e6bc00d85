import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Abort } from '../../core/abort.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Timer } from '../../core/ports/clock.ts';
import type { Principal } from '../../core/principal.ts';
import type { Version } from '../../versions/version.ts';

/** One socket. There may be ten thousand of them idle, so what only some need is absent until they need it. */
export interface Connection {
  readonly socket: WebSocket;
  /** What carries the socket's bytes: it knows how much waits to leave. */
  readonly wire: Duplex;
  /** Before `auth` the one whose errors are spoken, from then on the one of the connection. */
  version: Version;
  /** Present until `auth` has succeeded. */
  opening: Opening | undefined;
  /** Present from then on. */
  principal: Principal | undefined;
  /** Its place on the heartbeat's wheel. */
  slot: number;
  /** False from a ping of ours to its pong. */
  alive: boolean;
  /** How many frames that cost nothing it may still send, and when that was so. */
  free: number;
  freeAt: number;
  /** Bytes sent since the wire was last empty that nobody waits for: errors, pongs and news. */
  lag: number;
  hears: Hears | undefined;
  /** Messages being answered. */
  exchanges: Set<Exchange> | undefined;
  /** Fulfilled when the newest message has its place in its session's lane, or will get none. */
  admitting: Promise<void> | undefined;
  /** Present while its answers wait for the wire. */
  congestion: Congestion | undefined;
}

export interface Opening {
  readonly address: string;
  readonly family: string | undefined;
  /** `X-API-Version` of the upgrade request. */
  readonly header: string | undefined;
  readonly deadline: Timer;
  /** True once a first frame has come: what follows it before its answer is not looked at. */
  decided: boolean;
}

export interface Hears {
  readonly message: boolean;
  readonly status: boolean;
}

export interface Exchange {
  readonly abort: Abort;
  readonly deadline: Timer;
  readonly id: string | undefined;
  readonly bytes: number;
  runId: string | undefined;
}

export interface Congestion {
  readonly over: Promise<void>;
  end(): void;
}

export function createConnection(
  socket: WebSocket,
  wire: Duplex,
  version: Version,
  opening: Opening,
  free: { count: number; at: number },
): Connection {
  return {
    socket,
    wire,
    version,
    opening,
    principal: undefined,
    slot: 0,
    alive: true,
    free: free.count,
    freeAt: free.at,
    lag: 0,
    hears: undefined,
    exchanges: undefined,
    admitting: undefined,
    congestion: undefined,
  };
}

export function isOpen({ socket }: Connection): boolean {
  return socket.readyState === socket.OPEN;
}

/** Ends what is being answered: the runs are aborted, and whoever waits for the wire waits no longer. */
export function abandon(
  connection: Connection,
  reason = new GatewayError('CLIENT_CLOSED', 'The client went away.'),
): void {
  for (const { abort } of connection.exchanges ?? []) abort.abort(reason);
  connection.congestion?.end();
}

/** Begins to close. What is on its way out goes first; nothing more is sent or read. */
export function closeWith(connection: Connection, code: number, reason: string): void {
  connection.socket.close(code, reason);
  abandon(connection);
}
