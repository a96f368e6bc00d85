/**
 * The WebSocket: frames in, frames out. Runs, sessions, keys and limits are the gateway's, shapes are the versions', and
 * bytes are the library's; what is left is who may connect, which frame is whose answer, and that a client who is slow,
 * silent, flooding or gone costs nobody else anything.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { GatewayError } from '../../core/errors.ts';
import type { Gateway } from '../../core/gateway.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Metrics } from '../../core/ports/metrics.ts';
import type { Random } from '../../core/ports/random.ts';
import type { Conformance } from '../../versions/conformance.ts';
import type { Contract } from '../../versions/contract.ts';
import { defaultVersion } from '../../versions/index.ts';
import type { Negotiate } from '../../versions/negotiate.ts';
import type { Version } from '../../versions/version.ts';
import { type Admission, addressOf, admitUpgrade, type Gate, requestIdOf } from './admit-upgrade.ts';
import { createAnswers } from './answers.ts';
import { authenticate } from './authenticate.ts';
import { closeAll, farewell } from './close-all.ts';
import { abandon, type Connection, createConnection, isOpen } from './connection.ts';
import { createFlood, freeAtFirst } from './flood.ts';
import { createHeartbeat } from './heartbeat.ts';
import { createInbox } from './inbox.ts';
import { createOutbox } from './outbox.ts';
import { readFrame } from './read-frame.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { rulesOf } from './rules.ts';
import { createSubscriptions } from './subscriptions.ts';
import { createWaitingRoom } from './waiting-room.ts';

export interface WebSocketTransport {
  /** For the HTTP server's `upgrade` event. */
  upgrade(request: IncomingMessage, wire: Duplex, head: Buffer): void;
  /** Takes no more connections; those that wait for answers may have them within `graceMs`, then all are closed. */
  close(graceMs: number): Promise<void>;
  connections(): number;
}

export interface WebSocketParts {
  gateway: Gateway;
  contract: Contract;
  negotiate: Negotiate;
  clock: Clock;
  random: Random;
  log: Log;
  metrics: Metrics;
  /** Sees each frame before it leaves. */
  conformance?: Pick<Conformance, 'frame'>;
}

export interface WebSocketSettings {
  /** Pages that may connect, as browsers write them: `https://chat.example.com`. */
  origins: readonly string[];
  maxUnauthenticatedPerAddress?: number;
}

const serverOptions = {
  noServer: true,
  // 228 KB a connection against 8.
  perMessageDeflate: false,
  maxPayload: 64 * 1024,
  clientTracking: false,
  // Pings are answered here, where they are counted.
  autoPong: false,
  closeTimeout: 5000,
};

export function createWebSocketTransport(parts: WebSocketParts, settings: WebSocketSettings): WebSocketTransport {
  const { gateway, clock, random, metrics } = parts;
  const { keys, versionUse } = gateway;
  const connections = new WeakMap<WebSocket, Connection>();
  const named = new WeakMap<IncomingMessage, Version>();
  let closing = false;

  const outbox = createOutbox(parts);
  const flood = createFlood({ clock, metrics, outbox });
  const waitingRoom = createWaitingRoom(settings.maxUnauthenticatedPerAddress ?? 100);
  const subscriptions = createSubscriptions(gateway.bus, outbox);
  const heartbeat = createHeartbeat(clock, gateway.keys, (connection) =>
    outbox.dismiss(connection, new GatewayError('UNAUTHORIZED', 'The key is no longer valid.')),
  );
  const answer = createAnswers({
    ...parts,
    outbox,
    flood,
    isClosing: () => closing,
    onIdle(connection) {
      if (closing) farewell(connection);
    },
  });
  const take = createInbox({ ...parts, keys, versionUse, flood, outbox, subscriptions, answer });
  const authenticateParts = { ...parts, outbox, waitingRoom };
  const unwatchKeys = gateway.keys.onChange(heartbeat.expireKeys);

  const gate: Gate = {
    origins: settings.origins,
    negotiate: parts.negotiate,
    isDraining: () => closing || !gateway.status.ready(),
    isFull: waitingRoom.isFull,
  };

  const server = new WebSocketServer(serverOptions);
  server.on('headers', (headers, request) => {
    const version = named.get(request);
    if (version) headers.push(`X-API-Version: ${version.date}`);
  });
  server.on('wsClientError', (error, wire, request) =>
    refuse(request, wire, new GatewayError('INVALID_REQUEST', `${error.message}.`), defaultVersion),
  );

  function refuse(request: IncomingMessage, wire: Duplex, error: GatewayError, version: Version): void {
    const requestId = requestIdOf(request) ?? `req_${Buffer.from(random.bytes(10)).toString('hex')}`;
    parts.log.debug({ requestId, code: error.code }, 'an upgrade was refused');
    refuseUpgrade(wire, error, version, requestId);
  }

  function open(socket: WebSocket, wire: Duplex, address: string, admission: Admission): void {
    const { family, header, version } = admission;
    const deadline = clock.after(rulesOf(version, 'auth').timeoutMs, () => {
      const error = new GatewayError('REQUEST_TIMEOUT', 'No `auth` came in time.');
      if (connection.opening && isOpen(connection)) outbox.dismiss(connection, error);
    });
    const opening = { address, family, header, deadline, decided: false };
    const connection = createConnection(socket, wire, version, opening, { count: freeAtFirst, at: clock.now() });
    connections.set(socket, connection);
    waitingRoom.enter(address);
    heartbeat.add(connection);
    count();
    socket.on('message', onMessage);
    socket.on('ping', onPing);
    socket.on('pong', onPong);
    socket.on('error', onError);
    socket.on('close', onClose);
  }

  // Shared by all sockets, which say who they are by `this`: closures for each would cost more than the connection.

  function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
    const connection = connections.get(this);
    if (!connection || !isOpen(connection)) return;
    const received = readFrame(data, isBinary);
    metrics.webSocketFrame({ type: received.type, version: connection.version.date });
    if (connection.opening) authenticate(authenticateParts, connection, connection.opening, received);
    else take(connection, received);
  }

  function onPing(this: WebSocket, data: Buffer): void {
    const connection = connections.get(this);
    if (connection && flood.affordsControl(connection)) this.pong(data);
  }

  function onPong(this: WebSocket): void {
    const connection = connections.get(this);
    if (!connection) return;
    connection.alive = true;
    flood.affordsControl(connection);
  }

  function onClose(this: WebSocket): void {
    const connection = connections.get(this);
    if (!connection) return;
    if (connection.opening) {
      connection.opening.deadline.cancel();
      waitingRoom.leave(connection.opening.address);
    }
    subscriptions.remove(connection);
    heartbeat.remove(connection);
    abandon(connection);
    count();
  }

  function count(): void {
    metrics.webSocketConnections(heartbeat.count);
    gateway.status.connections(heartbeat.count);
  }

  return {
    upgrade(request, wire, head) {
      const admission = admitUpgrade(request, gate);
      if (admission.refusal) return refuse(request, wire, admission.refusal, admission.version);
      if (admission.named) named.set(request, admission.version);
      const address = addressOf(request);
      server.handleUpgrade(request, wire, head, (socket) => open(socket, wire, address, admission));
    },
    async close(graceMs) {
      closing = true;
      await closeAll(heartbeat, clock, graceMs);
      subscriptions.close();
      unwatchKeys();
    },
    connections: () => heartbeat.count,
  };
}

/** Faults of the protocol and of the network: the library closes the socket with the right code, and `close` follows. */
function onError(): void {}
