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

export function createIds(clock: Clock, random: Random): Ids {
  const next = (prefix: string) => prefix + encodeTime(clock.now()) + encodeBytes(random.bytes(10));
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

/** Ten bytes are exactly sixteen characters. */
function encodeBytes(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet.charAt((held >> bits) & 31);
    }
    held &= (1 << bits) - 1;
  }
  return text;
}
