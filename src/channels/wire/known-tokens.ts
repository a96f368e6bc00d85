import type { MarkedToken, Token } from 'marked';

/** marked allows tokens of extensions, about which nothing is known. We have none. */
export type KnownToken = MarkedToken;

const types = new Set<string>([
  'blockquote',
  'br',
  'checkbox',
  'code',
  'codespan',
  'def',
  'del',
  'em',
  'escape',
  'heading',
  'hr',
  'html',
  'image',
  'link',
  'list',
  'list_item',
  'paragraph',
  'space',
  'strong',
  'table',
  'text',
] satisfies KnownToken['type'][]);

export function knownTokens(tokens: readonly Token[] | undefined): KnownToken[] {
  return (tokens ?? []).filter((token): token is KnownToken => types.has(token.type));
}
