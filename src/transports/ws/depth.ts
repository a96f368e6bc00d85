/** No frame of the contract is deeper than a dozen; parsers and validators recurse, and what is too deep breaks them. */
const deepest = 64;

const quote = 0x22;
const backslash = 0x5c;

/** Looks at the bytes alone, before anything is parsed. */
export function isTooDeep(json: Uint8Array): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === quote) inText = !inText;
    else if (inText) at += byte === backslash ? 1 : 0;
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return false;
}
