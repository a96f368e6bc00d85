import { says } from './says.ts';
import type { Form } from './split.ts';
import { type Block, type CodeBlock, type Inline, type Item, isStyled, literal } from './syntax-tree.ts';
import { tableText } from './table-text.ts';

/** How a platform writes what Markdown can say. What it cannot say at all (tables, rules) is drawn with letters. */
export interface Dialect {
  /** Literal text, so escaped that it means nothing. */
  text(text: string, beginsLine: boolean): string;
  /** Around text that neither begins nor ends with white space, never inside itself. */
  strong(inner: string): string;
  emphasis(inner: string): string;
  strike(inner: string): string;
  code(text: string): string;
  link(label: string, href: string): string;
  /** Without `strong` inside: where there are no headings they are just that. */
  heading(inner: string, depth: number): string;
  codeBlock(text: string, language: string): string;
  /** Never inside itself: no platform nests quotations. */
  quote(inner: string): string;
  plain(source: string): string;
}

/** A syntax tree in a dialect. */
export function inDialect(dialect: Dialect): Form {
  return {
    render({ blocks, source }) {
      // Marks without words are shown as they are: no platform takes an empty message.
      const shown = blocks.some(says) ? blocks : [literal(source, 0, source.length)];
      return renderBlocks(shown, { dialect, indent: '', quoted: false });
    },
    plain: dialect.plain,
  };
}

interface Place {
  readonly dialect: Dialect;
  /** Of every line after a block's first. */
  readonly indent: string;
  readonly quoted: boolean;
}

const bullet = '• ';
const rule = '⸻';

function renderBlocks(blocks: readonly Block[], place: Place): string {
  return joinBlocks(blocks, place, '\n\n');
}

/** Fences and quotations stand at the beginning of a line even inside a list, and their lines are not indented. */
function joinBlocks(blocks: readonly Block[], place: Place, gap: string): string {
  let text = '';
  for (const block of blocks) {
    const inset = standsAlone(block, place) ? '' : place.indent;
    text += (text === '' ? '' : gap + inset) + renderBlock(block, place);
  }
  return text;
}

function standsAlone(block: Block, { quoted }: Place): boolean {
  return block.type === 'code' || block.type === 'table' || (block.type === 'quote' && !quoted);
}

function renderBlock(block: Block, place: Place): string {
  const { dialect, indent } = place;
  switch (block.type) {
    case 'paragraph':
      return renderInlines(block.children, dialect, [])
        .trim()
        .split('\n')
        .map((line) => line.trim())
        .join(`\n${indent}`);
    case 'heading':
      return dialect.heading(renderInlines(block.children, dialect, ['strong']).trim(), block.depth);
    case 'code':
      return dialect.codeBlock(textOf(block), block.language);
    case 'table':
      return dialect.codeBlock(tableText(block), '');
    case 'quote':
      if (place.quoted) return renderBlocks(block.blocks, place);
      return dialect.quote(renderBlocks(block.blocks, { dialect, indent: '', quoted: true }));
    case 'list':
      return block.items.map((item) => renderItem(item, place)).join(`\n${indent}`);
    case 'rule':
      return rule;
  }
}

function renderItem(item: Item, place: Place): string {
  const box = item.checked === undefined ? '' : item.checked ? '☑ ' : '☐ ';
  const mark = item.number === undefined ? box || bullet : `${item.number}. ${box}`;
  const inner = { ...place, indent: place.indent + ' '.repeat(mark.length) };
  const [first] = item.blocks;
  const gap = first && standsAlone(first, inner) ? '\n' : '';
  return (item.continued ? ' '.repeat(mark.length) : mark) + gap + joinBlocks(item.blocks, inner, '\n');
}

function textOf(block: CodeBlock): string {
  return block.lines.map(({ text }) => text).join('\n');
}

/** `open` is what we are inside of already: no platform nests a style in itself. */
function renderInlines(inlines: readonly Inline[], dialect: Dialect, open: readonly string[]): string {
  let text = '';
  for (const inline of inlines) text += renderInline(inline, dialect, open, text === '' || text.endsWith('\n'));
  return text;
}

function renderInline(inline: Inline, dialect: Dialect, open: readonly string[], beginsLine: boolean): string {
  if (isStyled(inline)) {
    const inner = renderInlines(inline.children, dialect, [...open, inline.type]);
    return open.includes(inline.type) ? inner : tightly(inner, dialect[inline.type]);
  }
  switch (inline.type) {
    case 'text':
      return dialect.text(inline.text, beginsLine);
    case 'code':
      return inline.text.trim() === '' ? inline.text : dialect.code(inline.text);
    case 'break':
      return '\n';
    case 'link': {
      const label = renderInlines(inline.children, dialect, open).replaceAll(/\s+/g, ' ').trim();
      return dialect.link(label, inline.href);
    }
  }
}

/** Marks next to white space are no marks: it goes outside, where a text was cut in the middle of its style. */
function tightly(inner: string, style: (inner: string) => string): string {
  const core = inner.trim();
  if (core === '') return inner;
  const start = inner.indexOf(core);
  return inner.slice(0, start) + style(core) + inner.slice(start + core.length);
}
