/**
 * Where the members of a JSON object stand in its bytes, so that one of them can be changed without writing the others
 * anew: a client's numbers, spaces and spellings reach the provider as they were. The text has been parsed before, so
 * that no fault of it is looked for here.
 */
export interface Member {
  name: string;
  /** Of the value, without the space around it. */
  start: number;
  end: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** Shorter strings are walked through: the call that finds a byte costs as much as so many steps. */
const SHORT = 32;

/** In their order, the same name as often as it is there. `from` is where the object, or space before it, begins. */
export function membersOf(json: Uint8Array, from = 0): Member[] {
  const members: Member[] = [];
  let at = skipSpace(json, skipSpace(json, from) + 1);
  while (json[at] === QUOTE) {
    const nameEnd = endOfString(json, at);
    const name = nameIn(json, at, nameEnd);
    const start = skipSpace(json, skipTo(json, nameEnd, COLON) + 1);
    const end = endOfValue(json, start);
    members.push({ name, start, end });
    at = skipSpace(json, end);
    if (json[at] === COMMA) at = skipSpace(json, at + 1);
  }
  return members;
}

function nameIn(json: Uint8Array, start: number, end: number): string {
  const quoted = Buffer.from(json.buffer, json.byteOffset + start, end - start).toString();
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}

function endOfValue(json: Uint8Array, start: number): number {
  const first = json[start];
  if (first === QUOTE) return endOfString(json, start);
  if (first === OPEN || first === OPEN_LIST) return endOfNested(json, start);
  let at = start;
  while (at < json.length && !isSpace(json[at]) && json[at] !== COMMA && json[at] !== CLOSE) at++;
  return at;
}

function endOfNested(json: Uint8Array, start: number): number {
  let depth = 0;
  let at = start;
  while (at < json.length) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = endOfString(json, at);
      continue;
    }
    at++;
    if (byte === OPEN || byte === OPEN_LIST) depth++;
    else if ((byte === CLOSE || byte === CLOSE_LIST) && --depth === 0) return at;
  }
  return at;
}

/** `start` is the opening quote; behind the closing one. */
function endOfString(json: Uint8Array, start: number): number {
  const near = Math.min(json.length, start + SHORT);
  for (let at = start + 1; at < near; at++) {
    const byte = json[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
  }
  for (let at = start + 1; ; ) {
    const quote = json.indexOf(QUOTE, at);
    if (quote === -1) return json.length;
    let slashes = 0;
    while (json[quote - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

function skipTo(json: Uint8Array, from: number, byte: number): number {
  let at = from;
  while (at < json.length && json[at] !== byte) at++;
  return at;
}

export function skipSpace(json: Uint8Array, from: number): number {
  let at = from;
  while (isSpace(json[at])) at++;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
