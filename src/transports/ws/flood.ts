import { GatewayError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Metrics } from '../../core/ports/metrics.ts';
import { type Connection, isOpen } from './connection.ts';
import type { Outbox } from './outbox.ts';

/**
 * Frames that cost nothing of the key's limit are counted on each socket: 600 in a minute, of them 100 at once. Those
 * beyond are refused, and when a hundred were refused the socket is closed. A message that was refused counts as one.
 */
export interface Flood {
  /** True when the frame may be looked at; when it may not, it has been answered. */
  affords(connection: Connection, id: string | undefined): boolean;
  /** The same for pings and pongs of the WebSocket itself, which no frame can answer. */
  affordsControl(connection: Connection): boolean;
  /** Answers a message that was refused for its number. */
  refuse(connection: Connection, error: GatewayError, id: string | undefined): void;
}

const burst = 100;
const perSecond = 10;
const patience = 100;

export const freeAtFirst = burst;

export function createFlood({ clock, metrics, outbox }: { clock: Clock; metrics: Metrics; outbox: Outbox }): Flood {
  /** Takes one frame from a bucket that refills and may be owed for a while; answers what is left. */
  function take(connection: Connection): number {
    const now = clock.now();
    const refilled = connection.free + (Math.max(0, now - connection.freeAt) * perSecond) / 1000;
    connection.free = Math.min(burst, refilled) - 1;
    connection.freeAt = now;
    return connection.free;
  }

  function answer(connection: Connection, left: number, error: GatewayError, id?: string | undefined): void {
    metrics.rateLimited({ transport: 'websocket' });
    if (left < -patience) outbox.dismiss(connection, error, { id });
    else outbox.fail(connection, error, { id });
  }

  return {
    affords(connection, id) {
      const left = take(connection);
      if (left < 0) answer(connection, left, tooMany(left), id);
      return left >= 0;
    },
    affordsControl(connection) {
      if (!isOpen(connection)) return false;
      const left = take(connection);
      if (left < -patience) outbox.dismiss(connection, tooMany(left));
      return left >= 0;
    },
    refuse: (connection, error, id) => answer(connection, take(connection), error, id),
  };
}

function tooMany(left: number): GatewayError {
  const retryAfter = Math.max(1, Math.ceil(-left / perSecond));
  return new GatewayError('RATE_LIMITED', 'Too many frames, please send them more slowly', { retryAfter });
}
