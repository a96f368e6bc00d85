import type { Form, Piece } from './split.ts';
import type { Block, CodeBlock } from './syntax-tree.ts';

/** Markdown for those who read Markdown: letter by letter, but for fences, which are closed and opened again at a cut. */
export const asWritten: Form = {
  render(piece) {
    const first = codeAt(piece.blocks.at(0), 0);
    const last = codeAt(piece.blocks.at(-1), -1);
    const opening = first && first.start < piece.range.from ? opened(first, piece) : '';
    const closing = last && (last.end > piece.range.to || !last.closed) ? closed(last, piece) : '';
    return opening + piece.source + closing;
  },
  plain: (source) => source,
};

/** The fenced code that a block begins (0) or ends (-1) with, however deep in it. */
function codeAt(block: Block | undefined, end: 0 | -1): CodeBlock | undefined {
  switch (block?.type) {
    case 'code':
      return block.fence === '' ? undefined : block;
    case 'quote':
      return codeAt(block.blocks.at(end), end);
    case 'list':
      return codeAt(block.items.at(end)?.blocks.at(end), end);
    default:
      return undefined;
  }
}

function opened(code: CodeBlock, { range }: Piece): string {
  const prefix = prefixOf(code, range.source);
  return `${prefix}${code.fence}${code.language}\n${prefix}`;
}

function closed(code: CodeBlock, { range }: Piece): string {
  return `\n${prefixOf(code, range.source)}${code.fence}`;
}

/** What the lines of this code begin with, in a quotation or a list. */
function prefixOf({ start, lines }: CodeBlock, source: string): string {
  const prefixes = [start, lines[0]?.start ?? start].map((at) =>
    source.slice(source.lastIndexOf('\n', at - 1) + 1, at),
  );
  return prefixes.find((prefix) => /^[\s>]*$/.test(prefix)) ?? '';
}
