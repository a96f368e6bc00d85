/**
 * Every connection, on a wheel of 25 places that moves on each second: the place it comes to is pinged, and the place it
 * left 8 s ago must have answered. One timer for all, and never a second in which ten thousand are pinged at once.
 */
import type { Keys } from '../../core/keys.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Principal } from '../../core/principal.ts';
import { type Connection, isOpen } from './connection.ts';

export interface Heartbeat {
  add(connection: Connection): void;
  remove(connection: Connection): void;
  all(): Iterable<Connection>;
  readonly count: number;
  /** Fulfilled when there is none left. */
  empty(): Promise<void>;
  /** Hands every connection whose key is no longer good to `expire`: now, and by itself each second. */
  expireKeys(): void;
}

const places = 25;
const answerWithin = 8;

export function createHeartbeat(clock: Clock, keys: Keys, expire: (connection: Connection) => void): Heartbeat {
  const wheel = Array.from({ length: places }, () => new Set<Connection>());
  let hand = 0;
  let count = 0;
  let beating = false;
  let emptied: PromiseWithResolvers<void> | undefined;

  function* all(): Generator<Connection, void> {
    for (const place of wheel) yield* place;
  }

  function placeAt(slot: number): Set<Connection> {
    return wheel[(slot + places) % places] ?? new Set();
  }

  function expireKeys(): void {
    let good: Principal | undefined;
    for (const connection of all()) {
      const { principal } = connection;
      if (principal === undefined || principal === good || !isOpen(connection)) continue;
      if (keys.isGood(principal)) good = principal;
      else expire(connection);
    }
  }

  function beat(): void {
    hand = (hand + 1) % places;
    for (const connection of placeAt(hand)) ping(connection);
    for (const connection of placeAt(hand - answerWithin)) {
      // What has not left yet cannot have been answered; the outbox has its own patience with slow readers.
      if (!connection.alive && connection.wire.writableLength === 0) connection.socket.terminate();
    }
    expireKeys();
    beating = count > 0;
    if (beating) clock.after(1000, beat);
  }

  return {
    add(connection) {
      connection.slot = hand;
      placeAt(hand).add(connection);
      count += 1;
      if (!beating) clock.after(1000, beat);
      beating = true;
    },
    remove(connection) {
      if (placeAt(connection.slot).delete(connection)) count -= 1;
      if (count === 0) emptied?.resolve();
    },
    all,
    get count() {
      return count;
    },
    empty() {
      if (count === 0) return Promise.resolve();
      emptied = Promise.withResolvers();
      return emptied.promise;
    },
    expireKeys,
  };
}

function ping(connection: Connection): void {
  if (!isOpen(connection)) return;
  if (!connection.alive) {
    connection.socket.terminate();
    return;
  }
  connection.alive = false;
  connection.socket.ping();
}
