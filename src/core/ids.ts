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
const codes = Uint8Array.from(alphabet, (character) => character.charCodeAt(0));

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

/** Where a run has no session its name for one is never looked up: it needs no chance of its own. */
export function sessionIdOf(runId: string): string {
  return `s-${runId.slice('run_'.length)}`;
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

/** Ten bytes are exactly sixteen characters, two and a half of them four. */
function encodeBytes(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < 10; at += 5) {
    const middle = bytes[at + 2] ?? 0;
    text += fourOf(((bytes[at] ?? 0) << 12) | ((bytes[at + 1] ?? 0) << 4) | (middle >> 4));
    text += fourOf((middle << 16) | ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0));
  }
  return text;
}

/** The last twenty bits. */
function fourOf(bits: number): string {
  return String.fromCharCode(codeOf(bits >> 15), codeOf(bits >> 10), codeOf(bits >> 5), codeOf(bits));
}

function codeOf(bits: number): number {
  return codes[bits & 31] ?? 0;
}
