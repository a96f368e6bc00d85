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
function prefixOf({ lines: [line] }: CodeBlock, source: string): string {
  if (!line) return '';
  const prefix = source.slice(source.lastIndexOf('\n', line.start - 1) + 1, line.start);
  return /^[\s>]*$/.test(prefix) ? prefix : '';
}
