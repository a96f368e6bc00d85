import type { ProviderEvent } from '../../core/ports/provider.ts';

/** Some servers put something new around every text: with them there is nothing to learn. */
const TRIALS = 3;
const LINE_END = 0x0a;
/** What JSON writes otherwise than it is. */
const ESCAPED = /["\\]|\p{Cc}/u;

/**
 * Most reads of a stream are one event, and differ from one another in its text alone. Once it is known what stands
 * around the text, the text is cut out of the bytes, which costs a fifth of reading them as an event and as JSON. Whoever
 * reads must take the same event the same way again but for its text.
 */
export class RepeatedText {
  readonly #read: (chunk: Buffer) => ProviderEvent[];
  #trials = 0;
  /** The next read begins with an event. */
  #isBetween = false;
  /** Up to the text, and from its end on; both with a quote. */
  #around: { head: Buffer; tail: Buffer } | null = null;

  /** `read` is the long way. */
  constructor(read: (chunk: Buffer) => ProviderEvent[]) {
    this.#read = read;
  }

  feed(chunk: Buffer): ProviderEvent[] {
    const known = this.#cut(chunk);
    if (known !== undefined) return [{ type: 'text', text: known }];
    const wasBetween = this.#isBetween;
    this.#isBetween = chunk.at(-1) === LINE_END && chunk.at(-2) === LINE_END;
    const batch = this.#read(chunk);
    const text = onlyText(batch);
    if (text !== undefined && this.#trials < TRIALS && wasBetween && this.#isBetween) this.#learn(chunk, text);
    return batch;
  }

  #cut(chunk: Buffer): string | undefined {
    if (!this.#around || !this.#isBetween) return undefined;
    const { head, tail } = this.#around;
    const end = chunk.length - tail.length;
    if (end <= head.length) return undefined;
    if (!standsAt(head, chunk, 0) || !standsAt(tail, chunk, end)) return undefined;
    const written = chunk.toString('utf8', head.length, end);
    return ESCAPED.test(written) ? unescaped(written) : written;
  }

  /** Believed only when another text in the same place is found there. */
  #learn(chunk: Buffer, text: string): void {
    this.#trials += 1;
    const written = JSON.stringify(text);
    const at = chunk.indexOf(written);
    if (at === -1 || chunk.indexOf(written, at + 1) !== -1) return;
    const head = Buffer.from(chunk.subarray(0, at + 1));
    const tail = Buffer.from(chunk.subarray(at + Buffer.byteLength(written) - 1));
    const other = `${text}.`;
    const probe = Buffer.concat([head, Buffer.from(JSON.stringify(other).slice(1, -1)), tail]);
    if (onlyText(this.#read(probe)) === other) this.#around = { head, tail };
  }
}

/** Byte by byte: for so few of them a call out of JavaScript, as `Buffer.compare` is one, costs more. */
function standsAt(part: Buffer, bytes: Buffer, at: number): boolean {
  for (let index = 0; index < part.length; index++) if (bytes[at + index] !== part[index]) return false;
  return true;
}

/** The text of a batch that is one text and nothing else. */
function onlyText(batch: readonly ProviderEvent[]): string | undefined {
  const [event] = batch;
  return batch.length === 1 && event?.type === 'text' ? event.text : undefined;
}

/** Undefined for what is not the inside of one string. */
function unescaped(written: string): string | undefined {
  try {
    const text: unknown = JSON.parse(`"${written}"`);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
