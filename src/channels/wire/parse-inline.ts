import type { Tokens } from 'marked';
import { type KnownToken, knownTokens } from './known-tokens.ts';
import type { SourcePlace } from './source-place.ts';
import type { Inline } from './syntax-tree.ts';

/** marked's inline tokens, which begin at `position` of the text that `place` knows → ours. */
export function parseInlines(tokens: readonly KnownToken[], place: SourcePlace, position: number): Inline[] {
  let at = position;
  return tokens.flatMap((token) => {
    const inlines = parseInline(token, place, at);
    at += token.raw.length;
    return inlines;
  });
}

function parseInline(token: KnownToken, place: SourcePlace, position: number): Inline[] {
  const end = position + token.raw.length;
  const span = { start: place.at(position), end: place.at(end) };
  switch (token.type) {
    case 'strong':
      return [{ type: 'strong', children: childrenOf(token, place, position) }];
    case 'em':
      return [{ type: 'emphasis', children: childrenOf(token, place, position) }];
    case 'del':
      return [{ type: 'strike', children: childrenOf(token, place, position) }];
    case 'codespan':
      return [parseCode(token, place, position)];
    case 'link':
    case 'image':
      return parseLink(token, place, position, span);
    case 'br':
      return [{ type: 'break', ...span }];
    case 'escape':
      return [{ type: 'text', text: token.text, ...span }];
    case 'html':
      return /^<br\s*\/?>$/i.test(token.raw)
        ? [{ type: 'break', ...span }]
        : literalLines(token.raw, place, position, false);
    case 'checkbox':
      return [];
    default:
      return literalLines(token.raw, place, position, true);
  }
}

function childrenOf(token: Tokens.Strong | Tokens.Em | Tokens.Del, place: SourcePlace, position: number): Inline[] {
  return parseInlines(knownTokens(token.tokens), place, position + Math.max(0, token.raw.indexOf(token.text)));
}

function parseCode(token: Tokens.Codespan, place: SourcePlace, position: number): Inline {
  const inside = token.raw.replaceAll('\n', ' ').indexOf(token.text);
  const start = place.at(position + Math.max(0, inside));
  const end = place.at(position + Math.max(0, inside) + token.text.length);
  return { type: 'code', text: token.text, start, end };
}

/** What a link may lead to. Everything else (scripts, files, places in a document that is not there) stays as it was written. */
const reachable = /^(?:https?:\/\/|mailto:)\S{1,2048}$/i;

function parseLink(
  token: Tokens.Link | Tokens.Image,
  place: SourcePlace,
  position: number,
  span: { start: number; end: number },
): Inline[] {
  // In an address a backtick means nothing, around it a great deal.
  const href = token.href.replaceAll('`', '%60');
  if (!reachable.test(href)) return literalLines(token.raw, place, position, false);
  const label = token.type === 'image' ? [] : parseInlines(knownTokens(token.tokens), place, position + 1);
  const text = token.text.trim() === '' ? href : token.text;
  const children: Inline[] = label.length > 0 && token.text.trim() !== '' ? label : [{ type: 'text', text, ...span }];
  return [{ type: 'link', href, children, ...span }];
}

/** Text, a leaf a line, so that each stands in the source as it is. Character references are leaves of their own. */
export function literalLines(text: string, place: SourcePlace, position: number, decode: boolean): Inline[] {
  const inlines: Inline[] = [];
  const pieces = decode
    ? text.split(/(\n[ \t]*|&(?:#\d{1,7}|#x[\da-f]{1,6}|amp|lt|gt|quot|apos|nbsp);)/i)
    : text.split(/(\n)/);
  let at = position;
  for (const piece of pieces) {
    const span = { start: place.at(at), end: place.at(at + piece.length) };
    at += piece.length;
    if (piece === '') continue;
    if (piece.startsWith('\n')) inlines.push({ type: 'break', ...span });
    else inlines.push({ type: 'text', text: decode ? decodeReference(piece) : piece, ...span });
  }
  return inlines;
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

function decodeReference(piece: string): string {
  const [, number, hex, name] = /^&(?:#(\d+)|#x([\da-f]+)|(\w+));$/i.exec(piece) ?? [];
  if (name !== undefined) return named[name.toLowerCase()] ?? piece;
  const code = number === undefined ? Number.parseInt(hex ?? '', 16) : Number(number);
  // Controls and half a pair are no characters that anybody means.
  if (Number.isNaN(code) || code < 32 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return piece;
  return String.fromCodePoint(code);
}
