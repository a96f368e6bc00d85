import type { Server } from 'node:http';
import { parseArgs } from 'node:util';

/** What every program of this folder is started with. */
export function readOptions(): { upstream: string; port: number; home: string; operations: number | undefined } {
  const { values } = parseArgs({
    options: {
      upstream: { type: 'string', default: '' },
      port: { type: 'string', default: '0' },
      home: { type: 'string', default: '' },
      operations: { type: 'string' },
    },
  });
  const { upstream, port, home, operations } = values;
  return { upstream, port: Number(port), home, operations: operations === undefined ? undefined : Number(operations) };
}

export function listen(server: Server): void {
  server.keepAliveTimeout = 65_000;
  server.listen(readOptions().port, '127.0.0.1', 1024, () => {
    const address = server.address();
    if (typeof address === 'object' && address) announce(address.port);
  });
}

/** Tells the bench where we are. When it goes, we go, whatever it died of. */
export function announce(port: number): void {
  process.on('disconnect', () => process.exit());
  // By itself, so that a profile of it is written.
  process.on('SIGTERM', () => process.exit());
  process.on('message', (message) => {
    if (message !== 'collect') return;
    globalThis.gc?.();
    globalThis.gc?.();
    process.send?.({ collected: true });
  });
  process.send?.({ port });
}
