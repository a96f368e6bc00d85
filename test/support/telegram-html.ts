/**
 * Telegram's reading of HTML, from the Bot API's page "Formatting options": the tags that it knows, closed in order, and
 * four named character references. Answers the text that is shown, or what is wrong in the API's words.
 */
export function readTelegramHtml(html: string): { text: string } | { error: string } {
  const open: string[] = [];
  let text = '';
  let end = 0;
  for (const { 0: piece, 1: name = '', index } of html.matchAll(
    /<\/?([a-z-]*)([^<>]*)>|&(#\d+|#x[\da-f]+|\w+);|[<>]/gi,
  )) {
    text += html.slice(end, index);
    end = index + piece.length;
    if (piece.startsWith('&')) text += decode(piece);
    else if (piece.startsWith('</')) {
      if (open.pop() !== name) return { error: `unexpected end tag at byte offset ${index}` };
    } else if (!piece.startsWith('<') || !known.test(piece)) {
      return { error: `unsupported start tag "${name}" at byte offset ${index}` };
    } else open.push(name);
  }
  text += html.slice(end);
  return open.length > 0 ? { error: `can't find end tag corresponding to start tag "${open.at(-1)}"` } : { text };
}

const known = /^<(?:b|i|s|u|code|pre|blockquote|code class="language-[^"<>]+"|a href="[^"<>]*")>$/;
const named: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' };

function decode(reference: string): string {
  const number = /^&#(x?)([\da-f]+);$/i.exec(reference);
  if (number) return String.fromCodePoint(Number.parseInt(number[2] ?? '', number[1] ? 16 : 10));
  return named[reference] ?? reference;
}
