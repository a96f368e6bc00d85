import type { GatewayServer } from '../server.ts';

type Stoppable = Pick<GatewayServer, 'close' | 'log'>;

/** A second signal is meant only after this: npm and the shell's process group deliver the first one twice. */
const sameSignalMs = 1000;
/** What a gateway whose state cannot be trusted any more gets for closing. */
const crashGraceMs = 1000;

/** The first signal closes, the second one ends. */
export function stopOnSignal(server: Stoppable): void {
  let firstAt: number | undefined;
  const stop = () => {
    if (firstAt !== undefined) {
      if (performance.now() - firstAt >= sameSignalMs) process.exit(1);
      return;
    }
    firstAt = performance.now();
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        server.log.error({ error }, 'closing failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** After an error that nobody expected nothing is certain: tell it, close what closes at once, and be started anew. */
export function stopOnCrash(server: Stoppable): void {
  let crashing = false;
  const crash = (error: unknown) => {
    server.log.error({ error }, 'unexpected error');
    server.log.flush();
    if (crashing) return;
    crashing = true;
    setTimeout(() => process.exit(1), crashGraceMs);
    const end = () => process.exit(1);
    server.close().then(end, end);
  };
  // A rejection that nobody handled arrives here too.
  process.on('uncaughtException', crash);
}
