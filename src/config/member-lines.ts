/**
 * On which line each member of a JSON5 text stands. The parser of `json5` keeps no positions, so this reads the text
 * once more; it relies on the parser having accepted it.
 */
import json5 from 'json5';

export interface MemberLines {
  /** The line of the nearest place that the text has: the member itself, else what it would stand in. */
  lineOf(path: readonly string[]): number | undefined;
  /** Members that are given twice; the parser would silently take the last. */
  duplicates: { path: string[]; line: number; firstLine: number }[];
}

/** An object or a list that is being read. */
interface Frame {
  path: string[];
  /** The member that stands here now; in an object, undefined where a key is expected. */
  member: string | undefined;
  list: boolean;
}

const token = /\s+|\/\/.*|\/\*[\s\S]*?\*\/|[{}[\],:]|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|[^\s{}[\],:"'/]+/gy;

export function memberLines(text: string): MemberLines {
  const lines = new Map<string, number>();
  const duplicates: MemberLines['duplicates'] = [];
  const frames: Frame[] = [];
  let line = 1;

  for (const [piece] of text.matchAll(token)) {
    const path = step(frames, piece);
    if (path) {
      const name = JSON.stringify(path);
      const firstLine = lines.get(name);
      if (firstLine === undefined) lines.set(name, line);
      else duplicates.push({ path, line, firstLine });
    }
    line += piece.split('\n').length - 1;
  }

  return {
    duplicates,
    lineOf(path) {
      for (let length = path.length; length > 0; length--) {
        const found = lines.get(JSON.stringify(path.slice(0, length)));
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/** Goes one piece on. Answers the path of the member that begins with it, if one does. */
function step(frames: Frame[], piece: string): string[] | undefined {
  const frame = frames.at(-1);
  switch (piece[0]) {
    case '{':
    case '[': {
      const path = frame ? pathOf(frame) : [];
      frames.push({ path, list: piece === '[', member: piece === '[' ? '0' : undefined });
      return frame?.list ? path : undefined;
    }
    case '}':
    case ']':
      frames.pop();
      return undefined;
    case ',':
      if (frame) frame.member = frame.list ? String(Number(frame.member) + 1) : undefined;
      return undefined;
    default:
      return frame && isWord(piece) ? word(frame, piece) : undefined;
  }
}

function word(frame: Frame, piece: string): string[] | undefined {
  if (frame.list) return pathOf(frame);
  if (frame.member !== undefined) return undefined;
  frame.member = Object.keys(json5.parse<object>(`{${piece}:0}`))[0] ?? piece;
  return pathOf(frame);
}

function pathOf({ path, member = '' }: Frame): string[] {
  return [...path, member];
}

function isWord(piece: string): boolean {
  return piece !== ':' && piece.trim() !== '' && !piece.startsWith('//') && !piece.startsWith('/*');
}
