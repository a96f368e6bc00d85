import { Lexer, type Token, type TokensList } from 'marked';

/** Deeper than anybody writes. Each level is read again from its beginning, so that depth costs more than length. */
const deepest = 12;
/** Of one paragraph at a time: emphasis and links are looked for from each of its marks. */
const longestPiece = 8192;
/** Of one word: what is longer is data, and the search for addresses and emphasis in it takes seconds. */
const longestWord = 2048;

/** marked's lexer, which answers a hostile text with seconds of work or a full stack. What goes beyond is taken literally. */
export class BoundedLexer extends Lexer {
  #depth = 0;

  override blockTokens(source: string, tokens: TokensList = noTokens(), lastParagraphClipped?: boolean): TokensList {
    if (this.#depth >= deepest) {
      tokens.push({ type: 'paragraph', raw: source, text: source, tokens: [literalText(source)] });
      return tokens;
    }
    this.#depth += 1;
    try {
      super.blockTokens(source, tokens, lastParagraphClipped);
      return tokens;
    } finally {
      this.#depth -= 1;
    }
  }

  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    for (let at = 0; at < source.length; ) {
      const piece = source.slice(at, endOfPiece(source, at));
      if (hasLongWord(piece)) tokens.push(literalText(piece));
      else super.inlineTokens(piece, tokens);
      at += piece.length;
    }
    return tokens;
  }
}

function noTokens(): TokensList {
  return Object.assign([], { links: {} });
}

function literalText(source: string): Token {
  return { type: 'text', raw: source, text: source };
}

/** At the end of a line, or else of a word. */
function endOfPiece(source: string, at: number): number {
  const most = at + longestPiece;
  if (most >= source.length) return source.length;
  const newline = source.lastIndexOf('\n', most - 1);
  const end = newline > at ? newline : source.lastIndexOf(' ', most - 1);
  return end > at ? end + 1 : most;
}

function hasLongWord(text: string): boolean {
  return text.length > longestWord && text.split(/\s/).some((word) => word.length > longestWord);
}
