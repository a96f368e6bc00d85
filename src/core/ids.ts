import type { Clock } from './ports/clock.ts';
import type { Random } from './ports/random.ts';

/**
 * Names of things: a prefix that says what it is, 10 characters of time and 16 of chance, in Crockford's base 32. They
 * sort by age, so that an index only ever grows at its end.
 */
export interface Ids {
  run(): string;
  session(): string;
  key(): string;
  event(): string;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
/** Two characters for each ten bits. */
const pairs = Array.from({ length: 1024 }, (_, bits) => alphabet.charAt(bits >> 5) + alphabet.charAt(bits & 31));

export function createIds(clock: Clock, random: Random): Ids {
  let time = -1;
  let encodedTime = '';

  /** Many are made within a millisecond. */
  function encodeNow(): string {
    const now = clock.now();
    if (now !== time) {
      time = now;
      encodedTime = encodeTime(now);
    }
    return encodedTime;
  }

  const next = (prefix: string) => prefix + encodeNow() + encodeBytes(random.bytes(10));
  return { run: () => next('run_'), session: () => next('s-'), key: () => next('key_'), event: () => next('evt_') };
}

/** Messages of a run are numbered within it: no chance needed, and a message tells its run. */
export function messageId(runId: string, index: number): string {
  return `msg_${runId.slice('run_'.length)}${index}`;
}

function encodeTime(time: number): string {
  let text = '';
  for (let rest = time, place = 0; place < 10; place += 1) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** Ten bytes are exactly sixteen characters, a pair for each ten bits. */
function encodeBytes(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    if (bits < 10) continue;
    bits -= 10;
    text += pairs[held >> bits] ?? '';
    held &= (1 << bits) - 1;
  }
  return text;
}
