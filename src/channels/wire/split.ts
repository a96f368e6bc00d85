/**
 * Markdown → messages. Each holds as much of the source as fits, ends at the best place of its second half (a block, a
 * line, a sentence, a word, a letter), and is a whole text of its own: what was open is closed and opened again, fences
 * with their language. Measured is what goes out, rendered and plain, not what came in.
 */
import type { ChannelManifest, Chunk } from '../../core/ports/channel.ts';
import { type Cut, findCuts, ranks } from './cuts.ts';
import { measure } from './measure.ts';
import { cleanSource, parseMarkdown } from './parse-markdown.ts';
import { type Range, sliceBlocks } from './slice.ts';
import { type Block, literal } from './syntax-tree.ts';

/** A part of a text: what it means, and how it was written. */
export interface Piece {
  readonly blocks: readonly Block[];
  readonly source: string;
  readonly range: Range;
}

/** How a platform wants its texts. */
export interface Form {
  render(piece: Piece): string;
  /** The source as the platform shows it without any formatting. */
  plain(source: string): string;
}

/** What is sent when there is nothing to say: no platform takes an empty message. */
const nothing = '…';

export function splitMarkdown(markdown: string, form: Form, limit: ChannelManifest['textLimit']): Chunk[] {
  const source = cleanSource(markdown);
  const parts = new Splitter(source, form, limit).split();
  return parts.length > 0 ? parts : [{ text: form.plain(nothing), plain: form.plain(nothing) }];
}

class Splitter {
  readonly #source: string;
  readonly #form: Form;
  readonly #limit: ChannelManifest['textLimit'];
  #blocks: readonly Block[];

  constructor(source: string, form: Form, limit: ChannelManifest['textLimit']) {
    this.#source = source;
    this.#form = form;
    this.#limit = limit;
    this.#blocks = parseMarkdown(source);
  }

  split(): Chunk[] {
    const chunks: Chunk[] = [];
    let from = this.#afterBlanks(0);
    while (from < this.#source.length) {
      const { chunk, to } = this.#next(from);
      if (chunk.plain !== '') chunks.push(chunk);
      from = this.#afterBlanks(to);
    }
    return chunks;
  }

  #next(from: number): { chunk: Chunk; to: number } {
    const end = this.#source.length;
    const rest = this.#fitting(from, end);
    if (rest) return { chunk: rest, to: end };
    // In every unit a text has at most two places for each that counts.
    const cuts = findCuts(this.#blocks, this.#source, from, Math.min(end, from + 2 * this.#limit.length + 1));
    const last = this.#lastFitting(from, cuts);
    if (last === -1) return this.#literally(from);
    const longest = cuts[last]?.at ?? end;
    for (const { at } of preferred(cuts.slice(0, last + 1), from + (longest - from) / 2)) {
      const chunk = this.#fitting(from, at);
      if (chunk) return { chunk, to: at };
    }
    return this.#literally(from);
  }

  /** The place of the last cut up to which everything fits, or -1. */
  #lastFitting(from: number, cuts: readonly Cut[]): number {
    let low = -1;
    let high = cuts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#fitting(from, cuts[middle]?.at ?? from)) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Not even a letter fits, because of all that is open around it: the rest goes without its meaning. */
  #literally(from: number): { chunk: Chunk; to: number } {
    this.#blocks = [literal(this.#source, from, this.#source.length)];
    const cuts = findCuts(this.#blocks, this.#source, from, from + 2 * this.#limit.length + 1);
    const to = cuts[this.#lastFitting(from, cuts)]?.at ?? this.#source.length;
    const plain = this.#form.plain(this.#source.slice(from, to));
    return { chunk: this.#fitting(from, to) ?? { text: plain, plain }, to };
  }

  #fitting(from: number, to: number): Chunk | undefined {
    const source = this.#source.slice(from, to).trimEnd();
    const plain = this.#form.plain(source);
    if (this.#exceeds(plain)) return undefined;
    const range = { source: this.#source, from, to: to === this.#source.length ? to + 1 : to };
    const blocks = sliceBlocks(this.#blocks, range);
    const text = this.#form.render({ blocks, source, range }).trimEnd();
    return this.#exceeds(text) ? undefined : { text, plain };
  }

  #exceeds(text: string): boolean {
    return measure(text, this.#limit.unit) > this.#limit.length;
  }

  /** Indentation stays, blank lines go. */
  #afterBlanks(at: number): number {
    const blanks = /(?:[^\S\n]*\n)*(?:[^\S\n]*$)?/y;
    blanks.lastIndex = at;
    blanks.test(this.#source);
    return blanks.lastIndex;
  }
}

/** The best cuts behind `half` first, then the last before it; what should stay whole is cut when there is nothing else. */
function* preferred(cuts: readonly Cut[], half: number): Generator<Cut> {
  for (let rank: number = ranks.block; rank > ranks.last; rank -= 1) {
    const best = cuts.findLast((cut) => cut.rank === rank && cut.at >= half);
    if (best) yield best;
  }
  yield* cuts.filter(({ rank }) => rank > ranks.last).toReversed();
  yield* cuts.toReversed();
}
