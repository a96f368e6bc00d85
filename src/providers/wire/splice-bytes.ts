/** A stretch of bytes and what takes its place; an empty stretch is a place to put something in. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** The stretches may come in any order, but may not overlap. Without any the bytes themselves are given back. */
export function spliceBytes(bytes: Buffer, splices: readonly Splice[]): Buffer {
  if (splices.length === 0) return bytes;
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { start, end, text } of splices.toSorted((a, b) => a.start - b.start)) {
    pieces.push(bytes.subarray(at, start), Buffer.from(text));
    at = end;
  }
  pieces.push(bytes.subarray(at));
  return Buffer.concat(pieces);
}
