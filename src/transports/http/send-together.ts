import type { Writable } from 'node:stream';

/** More would let the first of them wait for too long. */
const most = 32;

let held: Writable[] = [];

/**
 * Holds what is written to this socket, until all that came in at the same time has been read. Streams whose pieces
 * arrive together are first all read and then all written: the processor finds the code of either still in its caches,
 * and the clients are woken once.
 */
export function sendTogether(socket: Writable): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  const count = held.push(socket);
  if (count === 1) setImmediate(release);
  else if (count === most) release();
}

function release(): void {
  const sockets = held;
  held = [];
  for (const socket of sockets) socket.uncork();
}
