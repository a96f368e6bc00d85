import { randomFillSync } from 'node:crypto';
import type { Random } from '../core/ports/random.ts';

/** One call of the system for many ids: a request needs several, and each call costs more than the id itself. */
const poolSize = 4096;

/** The system's chance. */
export function createSystemRandom(): Random {
  const pool = Buffer.alloc(poolSize);
  let used = poolSize;
  return {
    bytes(length) {
      if (length > poolSize) return randomFillSync(new Uint8Array(length));
      if (used + length > poolSize) {
        randomFillSync(pool);
        used = 0;
      }
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at += 1) {
        bytes[at] = pool[used + at] ?? 0;
        // What became a key must not be found here a second time.
        pool[used + at] = 0;
      }
      used += length;
      return bytes;
    },
    fraction: () => Math.random(),
  };
}
