import { GatewayError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Metrics } from '../../core/ports/metrics.ts';

/**
 * What went wrong, in the words of the contract. A disk that is full, gone, read-only or broken makes the store
 * unavailable, and only for as long as it stays so: nothing here remembers a fault, so the next try is a real one.
 */
export interface Faults {
  /** The error for the caller. Counts and logs it when it is the store's and not the caller's. */
  toGatewayError(error: unknown): GatewayError;
}

const minute = 60_000;

export function createFaults(parts: { clock: Clock; log: Log; metrics: Metrics }): Faults {
  const { clock, log, metrics } = parts;
  let quietUntil = Number.NEGATIVE_INFINITY;

  return {
    toGatewayError(error) {
      if (error instanceof GatewayError) return error;
      if (isUniquenessFault(error)) {
        return new GatewayError('CONFLICT', 'There is something by this id already.', { cause: error });
      }
      if (!isStoreFault(error)) {
        return new GatewayError('INTERNAL', 'Something went wrong inside the gateway.', { cause: error });
      }
      metrics.storeFault();
      const now = clock.now();
      if (now >= quietUntil) {
        quietUntil = now + minute;
        log.error({ error }, 'the store cannot be used');
      }
      return new GatewayError('STORE_UNAVAILABLE', 'The gateway cannot store anything now. Try again.', {
        cause: error,
      });
    },
  };
}

/** Primary result codes of SQLite (sqlite.org/rescode.html) that say the file, not the statement, is at fault. */
const storeFaults = new Set([
  3, // PERM
  5, // BUSY
  6, // LOCKED
  7, // NOMEM
  8, // READONLY
  10, // IOERR
  11, // CORRUPT
  13, // FULL
  14, // CANTOPEN
  15, // PROTOCOL
  26, // NOTADB
]);

export const busy = 5;
const uniquenessFaults = new Set([1555, 2067]);

/** A fault of the file that we find by ourselves. */
export class StoreFault extends Error {
  readonly errcode: number | undefined;

  constructor(message: string, errcode?: number) {
    super(message);
    this.name = 'StoreFault';
    this.errcode = errcode;
  }
}

export function isStoreFault(error: unknown): boolean {
  if (error instanceof StoreFault) return true;
  const code = resultCode(error);
  return code === undefined ? isSystemFault(error) : storeFaults.has(code & 0xff);
}

export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code !== undefined && (code & 0xff) === busy;
}

function isUniquenessFault(error: unknown): boolean {
  const code = resultCode(error);
  return code !== undefined && uniquenessFaults.has(code);
}

function resultCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
}

/** What `fs` throws carries a system call. */
function isSystemFault(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
