import { isCuttable } from './slice.ts';
import { type Block, type Inline, isStyled, type Span } from './syntax-tree.ts';

/** A place where a message may end and the next begin. */
export interface Cut {
  readonly at: number;
  readonly rank: number;
}

/** The better the place, the higher. */
export const ranks = { block: 5, part: 4, sentence: 3, word: 2, letter: 1, last: 0 } as const;

/** Longer clusters are no writing but a heap of accents: they are cut between code points, never inside one. */
const longestCluster = 32;
const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Every place between `from` and `to`, both left out, in the order of the source; where several meet, the best. */
export function findCuts(blocks: readonly Block[], source: string, from: number, to: number): Cut[] {
  const found = new Map<number, number>();
  const add = (at: number, rank: number) => {
    if (at > from && at < to) found.set(at, Math.max(rank, found.get(at) ?? 0));
  };
  const window = { source, from, to, add };
  for (const block of blocks) if (meets(block, window)) cutBlock(block, ranks.block, window);
  return [...found].map(([at, rank]) => ({ at, rank })).sort((a, b) => a.at - b.at);
}

interface Window {
  readonly source: string;
  readonly from: number;
  readonly to: number;
  add(at: number, rank: number): void;
}

function meets(span: Span, { from, to }: Window): boolean {
  return span.end > from && span.start < to;
}

function cutBlock(block: Block, rank: number, window: Window): void {
  window.add(block.start, rank);
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      for (const child of block.children) cutInline(child, window);
      return;
    case 'code':
      // The first line belongs to its fence.
      block.lines.forEach((line, index) => {
        if (index > 0) window.add(line.start, ranks.part);
        if (meets(line, window)) cutText(line, window, ranks.word);
      });
      return;
    case 'quote':
      for (const inner of block.blocks) cutBlock(inner, ranks.part, window);
      return;
    case 'list':
      for (const item of block.items) {
        if (!meets(item, window)) continue;
        window.add(item.start, ranks.part);
        for (const [index, inner] of item.blocks.entries())
          cutBlock(inner, index === 0 ? ranks.last : ranks.part, window);
      }
      return;
    case 'table':
      // The first row belongs to its header.
      block.rows.forEach((row, index) => {
        if (index > 0) window.add(row.start, ranks.part);
      });
      cutAnywhere(block, window);
      return;
    case 'rule':
      cutAnywhere(block, window);
  }
}

function cutInline(inline: Inline, window: Window): void {
  if (isStyled(inline)) {
    for (const child of inline.children) cutInline(child, window);
  } else if (!meets(inline, window)) return;
  else if (inline.type === 'break') window.add(inline.end, ranks.sentence);
  else if (isCuttable(inline)) cutText(inline, window, ranks.sentence);
  else cutAnywhere(inline, window);
}

/** After white space, after the end of a sentence, and between letters. */
function cutText(span: Span, window: Window, best: number): void {
  const start = Math.max(span.start, window.from);
  const text = window.source.slice(start, Math.min(span.end, window.to));
  window.add(span.end, ranks.letter);
  for (const { index, 0: gap } of text.matchAll(/\s+/g)) {
    const ends = /[.!?:;…]["')\]]*$/.test(text.slice(Math.max(0, index - 4), index));
    window.add(start + index + gap.length, ends ? best : ranks.word);
  }
  for (const { index } of text.matchAll(/[。！？；](?!["'」』）])/g)) window.add(start + index + 1, best);
  cutLetters(text, start, ranks.letter, window);
}

/** Inside what should stay whole, for when it alone is too much for a message. */
function cutAnywhere(span: Span, window: Window): void {
  const start = Math.max(span.start, window.from);
  cutLetters(window.source.slice(start, Math.min(span.end, window.to)), start, ranks.last, window);
}

function cutLetters(text: string, start: number, rank: number, window: Window): void {
  for (const { index, segment } of clusters.segment(text)) {
    window.add(start + index, rank);
    if (segment.length <= longestCluster) continue;
    let at = start + index;
    for (const letter of segment) {
      at += letter.length;
      window.add(at, ranks.last);
    }
  }
}
