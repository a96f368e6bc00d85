/**
 * Messages and their answers. Each runs on its own; what they share is the socket's order: a message takes its place in
 * its session's lane in the order in which the messages came.
 */
import { Abort } from '../../core/abort.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Gateway } from '../../core/gateway.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import { hasScopes, type Principal, scopes } from '../../core/principal.ts';
import type { ChatRequest, RunEvent } from '../../core/run.ts';
import type { ActiveRun } from '../../core/runs.ts';
import { fromChatRequest } from '../../handlers/from-chat-request.ts';
import { toEvent } from '../../handlers/to-event.ts';
import type { Contract } from '../../versions/contract.ts';
import type { Version } from '../../versions/version.ts';
import { type Connection, type Exchange, isOpen } from './connection.ts';
import type { Flood } from './flood.ts';
import type { Outbox } from './outbox.ts';
import type { Frame } from './read-frame.ts';
import { rulesOf } from './rules.ts';

export interface MessageReceived {
  frame: Frame;
  id: string | undefined;
  bytes: number;
}

export interface AnswersParts {
  gateway: Gateway;
  contract: Contract;
  clock: Clock;
  log: Log;
  outbox: Outbox;
  flood: Flood;
  isClosing(): boolean;
  /** Called when the last of a connection's messages has been answered. */
  onIdle(connection: Connection): void;
}

/** Of messages that a socket waits for, like of everything else, it can make us hold 1 MiB. */
const mostExchanges = 128;
const mostBytes = 1024 * 1024;

export function createAnswers(parts: AnswersParts): (connection: Connection, received: MessageReceived) => void {
  const { gateway, outbox } = parts;

  /** Every message costs one, whatever becomes of it. */
  async function charge(principal: Principal): Promise<void> {
    const { refusal } = await gateway.limits.admit(principal);
    if (refusal) throw refusal;
  }

  async function admit(
    connection: Connection,
    principal: Principal,
    exchange: Exchange | undefined,
    received: MessageReceived,
  ): Promise<void> {
    try {
      await connection.admitting;
      await charge(principal);
      if (!exchange) throw new GatewayError('RATE_LIMITED', 'Too many messages of this socket wait for their answer.');
      if (parts.isClosing()) {
        throw new GatewayError('SHUTTING_DOWN', 'The gateway is shutting down. Try again in a moment.');
      }
      const request = readRequest(parts.contract, connection.version, principal, received.frame);
      gateway.versionUse.count(principal, connection.version.date, 'message', []);
      const started = gateway.runs.start(principal, request, { signal: exchange.abort });
      void follow(connection, exchange, request, started);
    } catch (error) {
      refuse(connection, error, received.id);
      if (exchange) end(connection, exchange);
    }
  }

  function refuse(connection: Connection, error: unknown, id: string | undefined): void {
    if (error instanceof GatewayError && error.code === 'RATE_LIMITED') parts.flood.refuse(connection, error, id);
    else outbox.fail(connection, error, { id });
  }

  async function follow(
    connection: Connection,
    exchange: Exchange,
    request: ChatRequest,
    started: Promise<ActiveRun>,
  ): Promise<void> {
    const about = { id: exchange.id, sessionId: request.sessionId };
    let ended = false;
    try {
      const { run, events } = await started;
      exchange.runId = run.id;
      about.sessionId = run.sessionId;
      for await (const batch of events) {
        const frames = batch.flatMap((event) => toFrames(connection.version, event, request.stream));
        outbox.sayAll(
          connection,
          frames.map(({ frame, seq }) => ({ ...frame, ...addressOf(run, seq, exchange.id) })),
        );
        ended = batch.some(isTerminal);
        await outbox.room(connection);
        if (!isOpen(connection)) return;
      }
      if (!ended) throw new Error('a run ended without a terminal event');
    } catch (error) {
      if (ended) parts.log.error({ error, runId: exchange.runId }, 'a run broke after its terminal event');
      else outbox.fail(connection, asSocketError(error), about);
    } finally {
      end(connection, exchange);
    }
  }

  function begin({ version }: Connection, { id, bytes }: MessageReceived): Exchange {
    const abort = new Abort();
    const deadline = parts.clock.after(rulesOf(version, 'message').timeoutMs, () =>
      abort.abort(new GatewayError('PROVIDER_TIMEOUT', 'The provider did not answer in time. Try again.')),
    );
    return { abort, deadline, id, bytes, runId: undefined };
  }

  function end(connection: Connection, exchange: Exchange): void {
    exchange.deadline.cancel();
    connection.exchanges?.delete(exchange);
    if (connection.exchanges?.size !== 0) return;
    connection.exchanges = undefined;
    connection.admitting = undefined;
    parts.onIdle(connection);
  }

  return (connection, received) => {
    const { principal } = connection;
    if (!principal) return;
    const exchanges = connection.exchanges ?? new Set();
    const exchange = hasRoom(exchanges, received.bytes) ? begin(connection, received) : undefined;
    if (exchange) connection.exchanges = exchanges.add(exchange);
    connection.admitting = admit(connection, principal, exchange, received);
  };
}

function hasRoom(exchanges: ReadonlySet<Exchange>, bytes: number): boolean {
  if (exchanges.size >= mostExchanges) return false;
  let held = bytes;
  for (const exchange of exchanges) held += exchange.bytes;
  return held <= mostBytes;
}

function readRequest(contract: Contract, version: Version, principal: Principal, frame: Frame): ChatRequest {
  const needed = scopes.filter((scope) => rulesOf(version, 'message').scopes.includes(scope));
  if (!hasScopes(principal, needed)) {
    throw new GatewayError('FORBIDDEN', `The key lacks the scope \`${needed.join('`, `')}\`.`);
  }
  checkMessage(contract, version, frame);
  const { type: _, id: __, ...request } = frame;
  return fromChatRequest(version.frames.request(request), { stream: true });
}

function checkMessage(contract: Contract, version: Version, frame: Frame): void {
  try {
    contract.checkFrame(version, 'message', frame);
  } catch (error) {
    const { faults } = error instanceof GatewayError ? error : {};
    if (!faults?.some(({ pointer }) => pointer === '/sessionId')) throw error;
    throw new GatewayError('INVALID_SESSION', 'The session id is malformed.', { faults });
  }
}

/** On a socket, a session that cannot be talked to has one code, malformed or closed. */
function asSocketError(error: unknown): unknown {
  if (!(error instanceof GatewayError) || error.code !== 'SESSION_CLOSED') return error;
  return new GatewayError('INVALID_SESSION', error.message, { cause: error });
}

function toFrames(version: Version, event: RunEvent, stream: boolean): { frame: object; seq: number }[] {
  const mapped = toEvent(event);
  let frames: object[] = [];
  if (stream) frames = version.frames.event(mapped);
  else if (mapped.type === 'run.completed' || mapped.type === 'run.failed') frames = version.frames.whole(mapped);
  return frames.map((frame) => ({ frame, seq: event.seq }));
}

function isTerminal({ type }: RunEvent): boolean {
  return type === 'run.completed' || type === 'run.failed';
}

function addressOf(run: ActiveRun['run'], seq: number, id: string | undefined): object {
  return { sessionId: run.sessionId, eventId: `${run.id}.${seq}`, ...(id === undefined ? {} : { id }) };
}
