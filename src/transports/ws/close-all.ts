import { GatewayError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { abandon, type Connection, closeWith } from './connection.ts';
import type { Heartbeat } from './heartbeat.ts';

/** For those whose runs were cut to get their terminal frame, and then for all to say goodbye. */
const lastWordsMs = 1000;

/**
 * Closes every connection. Who waits for nothing goes at once, the others when they have their answers (see `onIdle` of
 * the answers) or when the grace is over; who does not close in answer is cut off.
 */
export async function closeAll(heartbeat: Heartbeat, clock: Clock, graceMs: number): Promise<void> {
  for (const connection of [...heartbeat.all()]) if (!connection.exchanges) farewell(connection);
  const steps: [number, (connection: Connection) => void][] = [
    [graceMs, interrupt],
    [lastWordsMs, farewell],
    [lastWordsMs, ({ socket }) => socket.terminate()],
  ];
  for (const [ms, act] of steps) {
    if (await isEmptyWithin(heartbeat, clock, ms)) return;
    for (const connection of [...heartbeat.all()]) act(connection);
  }
  await heartbeat.empty();
}

export function farewell(connection: Connection): void {
  closeWith(connection, 1001, 'the gateway is shutting down');
}

function interrupt(connection: Connection): void {
  abandon(connection, new GatewayError('INTERRUPTED', 'The gateway was shut down.'));
}

async function isEmptyWithin(heartbeat: Heartbeat, clock: Clock, ms: number): Promise<boolean> {
  const time = Promise.withResolvers<boolean>();
  const timer = clock.after(ms, () => time.resolve(false));
  const empty = await Promise.race([heartbeat.empty().then(() => true), time.promise]);
  timer.cancel();
  return empty;
}
