/** More levels than any honest request has; validators and serializers, which recurse, overflow at some thousands. */
export const deepest = 64;

const quote = 0x22;
const backslash = 0x5c;

/** Counts levels on the text, before a parser, a validator or a serializer meets them. What is no JSON may have any. */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === quote) at = endOfString(json, at + 1);
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return false;
}

/** Where the quote is that ends a string. Most of a body is strings, and looking for a quote is what engines do fastest. */
function endOfString(json: string, from: number): number {
  let at = json.indexOf('"', from);
  while (at !== -1 && isEscaped(json, at)) at = json.indexOf('"', at + 1);
  return at === -1 ? json.length : at;
}

/** An odd number of backslashes stands before it. */
function isEscaped(json: string, at: number): boolean {
  let first = at;
  while (json.charCodeAt(first - 1) === backslash) first -= 1;
  return (at - first) % 2 === 1;
}
