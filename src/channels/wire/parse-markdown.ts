import type { Tokens } from 'marked';
import { BoundedLexer } from './bounded-lexer.ts';
import { type KnownToken, knownTokens } from './known-tokens.ts';
import { literalLines, parseInlines } from './parse-inline.ts';
import { SourcePlace } from './source-place.ts';
import { type Block, type Cell, type CodeBlock, type Item, literal, type Table } from './syntax-tree.ts';

/** What no platform takes: half a surrogate pair, controls, other ends of line. */
export function cleanSource(markdown: string): string {
  return markdown
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '');
}

/** A clean source → its blocks. Nothing is an error: what is no Markdown is text. */
export function parseMarkdown(source: string): Block[] {
  try {
    return parseBlocks(knownTokens(new BoundedLexer().lex(source)), SourcePlace.whole(source), 0);
  } catch {
    return [literal(source, 0, source.length)];
  }
}

function parseBlocks(tokens: readonly KnownToken[], place: SourcePlace, position: number): Block[] {
  let at = position;
  return tokens.flatMap((token) => {
    const block = parseBlock(token, place, at);
    at += token.raw.length;
    return block ? [block] : [];
  });
}

function parseBlock(token: KnownToken, place: SourcePlace, position: number): Block | undefined {
  const span = { start: place.at(position), end: place.at(position + token.raw.trimEnd().length) };
  switch (token.type) {
    case 'space':
    case 'checkbox':
      return undefined;
    case 'heading':
      return { type: 'heading', depth: token.depth, children: wordsIn(token, place, position), ...span };
    case 'paragraph':
      return { type: 'paragraph', children: wordsIn(token, place, position), ...span };
    case 'text':
      if (token.tokens) return { type: 'paragraph', children: wordsIn(token, place, position), ...span };
      break;
    case 'code':
      return parseCode(token, place, position, span);
    case 'blockquote':
      return { type: 'quote', blocks: parseInner(token, place, position), ...span };
    case 'list':
      return { type: 'list', items: parseItems(token, place, position), ...span };
    case 'table':
      return parseTable(token, place, position, span);
    case 'hr':
      return { type: 'rule', ...span };
  }
  return { type: 'paragraph', children: literalLines(token.raw.trimEnd(), place, position, false), ...span };
}

function wordsIn(token: Tokens.Heading | Tokens.Paragraph | Tokens.Text, place: SourcePlace, position: number) {
  return parseInlines(knownTokens(token.tokens), place, position + Math.max(0, token.raw.indexOf(token.text)));
}

function parseInner(token: Tokens.Blockquote | Tokens.ListItem, place: SourcePlace, position: number): Block[] {
  const tokens = knownTokens(token.tokens);
  const text = tokens.map(({ raw }) => raw).join('');
  return parseBlocks(tokens, place.inner(position, token.raw, text), 0);
}

function parseItems(token: Tokens.List, place: SourcePlace, position: number): Item[] {
  let at = position;
  return token.items.map((item, index) => {
    const start = at;
    at += item.raw.length;
    return {
      ...(token.ordered ? { number: (token.start || 0) + index } : {}),
      ...(item.task ? { checked: item.checked === true } : {}),
      continued: false,
      blocks: parseInner(item, place, start),
      start: place.at(start),
      end: place.at(start + item.raw.trimEnd().length),
    };
  });
}

function parseCode(
  token: Tokens.Code,
  place: SourcePlace,
  position: number,
  span: { start: number; end: number },
): CodeBlock {
  const [, fence = ''] = /^ {0,3}(`{3,64}(?!`)|~{3,64}(?!~))/.exec(token.raw) ?? [];
  const rawLines = token.raw.split('\n');
  const [language = ''] = /^[\w+#.-]{1,32}(?=\s|$)/.exec(token.lang ?? '') ?? [];
  let at = position;
  if (fence !== '') at += (rawLines.shift()?.length ?? 0) + 1;
  const lines = token.text.split('\n').map((text, index) => {
    const raw = rawLines[index] ?? '';
    const start = place.at(at + Math.max(0, raw.length - text.length));
    at += raw.length + 1;
    return { text, start, end: start + text.length };
  });
  const lastLine = token.raw.trimEnd().split('\n').slice(1).at(-1)?.trim() ?? '';
  const closed = fence !== '' && lastLine.startsWith(fence) && /^(?:`+|~+)$/.test(lastLine);
  return { type: 'code', language, fence, closed, lines, ...span };
}

function parseTable(
  token: Tokens.Table,
  place: SourcePlace,
  position: number,
  span: { start: number; end: number },
): Table {
  const lines = token.raw.split('\n');
  let at = position;
  const spans = lines.map((line) => {
    const start = at;
    at += line.length + 1;
    return { start: place.at(start), end: place.at(start + line.length) };
  });
  // Cells are shown or left out by whole rows, so that it does not matter where in its row one stands.
  const cellsIn = (cells: readonly Tokens.TableCell[]): Cell[] =>
    cells.map((cell) => parseInlines(knownTokens(cell.tokens), place, position));
  return {
    type: 'table',
    aligns: token.align,
    header: cellsIn(token.header),
    rows: token.rows.map((cells, index) => ({ cells: cellsIn(cells), ...(spans[index + 2] ?? span) })),
    ...span,
  };
}
