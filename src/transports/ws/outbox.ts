/**
 * Everything that leaves. Answers are slowed down with their upstream when the client reads slowly (`room`); frames that
 * nobody can slow down — errors, pongs, news for subscribers — are counted, and a client that lets more than 1 MiB of
 * them lie is closed rather than left with gaps it cannot see. So no reader ever holds much more than that.
 */
import { type GatewayError, toGatewayError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import { toProblem } from '../../handlers/to-problem.ts';
import type { Conformance } from '../../versions/conformance.ts';
import type { Version } from '../../versions/version.ts';
import { type Congestion, type Connection, closeWith, isOpen } from './connection.ts';

export interface Outbox {
  /** Sends one frame that nobody waits for. */
  say(connection: Connection, frame: object): void;
  /** The same for a frame that many connections of one version get: made into text once. */
  tell(connection: Connection, text: string): void;
  toText(version: Version, frame: object): string;
  /** Sends the frames of one batch with one system call. */
  sayAll(connection: Connection, frames: readonly object[]): void;
  /** Present when the client has to read first; fulfilled when it has, or when it is gone. */
  room(connection: Connection): Promise<void> | undefined;
  /** Answers with an `error` frame and goes on. Whatever is thrown inside comes here too. */
  fail(connection: Connection, thrown: unknown, about?: About): void;
  /** Answers with an `error` frame and closes with the code that the catalogue has for it. */
  dismiss(connection: Connection, error: GatewayError, about?: About): void;
}

/** What an error frame is about, as far as it is known. */
export interface About {
  id?: string | undefined;
  sessionId?: string | undefined;
}

const bound = 1024 * 1024;
/** As long as a stream over HTTP: longer than a telephone takes to change its network. */
const patienceMs = 30_000;
/** "Try again later", registered for WebSockets: nothing is wrong with key or frame, and a client may come back. */
const tooSlow = 1013;

export function createOutbox(parts: { clock: Clock; log: Log; conformance?: Pick<Conformance, 'frame'> }): Outbox {
  const { clock, log, conformance } = parts;

  function toText(version: Version, frame: object): string {
    conformance?.frame(version, frame);
    return JSON.stringify(frame);
  }

  function tell(connection: Connection, text: string): void {
    if (!isOpen(connection)) return;
    if (connection.wire.writableLength === 0) connection.lag = 0;
    if (connection.lag > bound) {
      closeWith(connection, tooSlow, 'too slow to read');
      return;
    }
    connection.lag += Buffer.byteLength(text);
    connection.socket.send(text);
  }

  function say(connection: Connection, frame: object): void {
    if (isOpen(connection)) tell(connection, toText(connection.version, frame));
  }

  function sayError(connection: Connection, error: GatewayError, { id, sessionId }: About): void {
    say(connection, {
      ...connection.version.frames.error(toProblem(error, '')),
      ...(sessionId === undefined ? {} : { sessionId }),
      ...(id === undefined ? {} : { id }),
    });
  }

  function fail(connection: Connection, thrown: unknown, about: About = {}): void {
    const error = toGatewayError(thrown);
    const fields = { code: error.code, keyId: connection.principal?.keyId, id: about.id };
    if (error.code === 'INTERNAL') log.error({ ...fields, error: error.cause ?? error }, 'a frame failed');
    else log.debug({ ...fields, detail: error.message }, 'a frame was refused');
    try {
      sayError(connection, error, about);
    } catch (again) {
      log.error({ error: again, code: error.code }, 'an error frame could not be sent');
    }
  }

  return {
    say,
    tell,
    toText,
    sayAll(connection, frames) {
      if (!isOpen(connection) || frames.length === 0) return;
      const { socket, wire, version } = connection;
      const texts = frames.map((frame) => toText(version, frame));
      wire.cork();
      for (const text of texts) socket.send(text);
      wire.uncork();
    },
    room(connection) {
      if (connection.wire.writableLength <= bound || !isOpen(connection)) return undefined;
      connection.congestion ??= congest(clock, connection);
      return connection.congestion.over;
    },
    fail,
    dismiss(connection, error, about) {
      fail(connection, error, about);
      closeWith(connection, error.entry.closeCode ?? 1008, error.entry.title);
    },
  };
}

/** The wire is full: waits until it is empty, for so long and no longer. */
function congest(clock: Clock, connection: Connection): Congestion {
  const { wire } = connection;
  const over = Promise.withResolvers<void>();
  const timer = clock.after(patienceMs, () => closeWith(connection, tooSlow, 'too slow to read'));
  const end = () => {
    timer.cancel();
    wire.off('drain', end);
    wire.off('close', end);
    connection.congestion = undefined;
    over.resolve();
  };
  wire.on('drain', end);
  wire.on('close', end);
  return { over: over.promise, end };
}
