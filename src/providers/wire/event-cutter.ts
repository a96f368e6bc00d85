import { Malformed } from './bad-answer.ts';

const LF = 0x0a;
const CR = 0x0d;
const NONE = Buffer.alloc(0);
/** No event of either wire comes near it; more is an attack or a fault, and would be held in memory whole. */
const LONGEST_EVENT = 1024 * 1024;

/** Bytes of server-sent events, cut anywhere → the same bytes, cut behind events. */
export class EventCutter {
  #rest: Buffer[] = [];
  #restBytes = 0;
  /** A blank line may begin in what came before: its last three bytes are enough to see it. */
  #tail = NONE;

  /** All that is whole by now. */
  feed(chunk: Buffer): Buffer {
    const end = this.#endIn(chunk);
    const whole = end === undefined ? NONE : this.#with(chunk.subarray(0, end));
    if (end !== chunk.length) this.#keep(chunk.subarray(end ?? 0));
    return whole;
  }

  /** What is left when the body has ended: some servers leave out the blank line after their last event. */
  end(): Buffer {
    return this.#with(NONE);
  }

  /** Behind the last event that ends in it; undefined when none does, 0 when it is now clear that one did before. */
  #endIn(chunk: Buffer): number | undefined {
    const end = endOfLastEvent(this.#restBytes === 0 ? chunk : Buffer.concat([this.#tail, chunk]));
    return end === 0 ? undefined : Math.max(0, end - this.#tail.length);
  }

  #with(chunk: Buffer): Buffer {
    if (this.#restBytes === 0) return chunk;
    const whole = Buffer.concat([...this.#rest, chunk]);
    this.#rest = [];
    this.#restBytes = 0;
    this.#tail = NONE;
    return whole;
  }

  #keep(chunk: Buffer): void {
    this.#restBytes += chunk.length;
    if (this.#restBytes > LONGEST_EVENT) throw new Malformed('an event longer than 1 MiB');
    this.#rest.push(chunk);
    this.#tail = Buffer.concat([this.#tail, chunk.subarray(-3)]).subarray(-3);
  }
}

/** Behind the last blank line; 0 when there is none. */
export function endOfLastEvent(bytes: Buffer): number {
  const { length } = bytes;
  if (length > 1 && bytes[length - 1] === LF && bytes[length - 2] === LF) return length;
  // The other half of the line's end is on its way.
  const last = bytes[length - 1] === CR && bytes[length - 2] === LF ? length - 2 : length - 1;
  for (let at = last; at > 0; at--) if (endsBlankLine(bytes, at)) return at + 1;
  return 0;
}

/** Behind the first blank line at or after `from`; the end of the bytes when there is none. */
export function endOfEvent(bytes: Buffer, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    if (!endsBlankLine(bytes, at)) continue;
    return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1;
  }
  return bytes.length;
}

/** Lines end with LF, CR, or CR and LF together; an event with a line that has nothing else. */
function endsBlankLine(bytes: Buffer, at: number): boolean {
  const byte = bytes[at];
  const before = bytes[at - 1];
  if (byte === CR) return before === LF || before === CR;
  if (byte !== LF) return false;
  if (before === LF) return true;
  return before === CR && (bytes[at - 2] === CR || bytes[at - 2] === LF);
}

/** What the `data` lines of one event say; undefined when it has none, as comments do. */
export function dataOf(event: string): string | undefined {
  let data: string | undefined;
  for (const line of event.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    if (!line.startsWith('data:')) continue;
    const value = line.startsWith(' ', 5) ? line.slice(6) : line.slice(5);
    data = data === undefined ? value : `${data}\n${value}`;
  }
  return data;
}
