/**
 * A text that was taken out of the source by removing something from the beginning of its lines, such as the `>` of a
 * quotation, and where each of its lines stands there.
 */
export class SourcePlace {
  readonly #starts: readonly number[];
  /** Where the lines begin in the text itself. */
  readonly #lines: readonly number[];
  readonly #length: number;
  readonly #sourceLength: number;

  constructor(text: string, starts: readonly number[], sourceLength: number) {
    this.#lines = lineStarts(text);
    this.#starts = starts;
    this.#length = text.length;
    this.#sourceLength = sourceLength;
  }

  static whole(source: string): SourcePlace {
    return new SourcePlace(source, lineStarts(source), source.length);
  }

  /** The place in the source of a place in the text. */
  at(position: number): number {
    const known = Math.min(position, this.#length);
    const line = lineOf(this.#lines, known);
    return Math.min((this.#starts[line] ?? 0) + known - (this.#lines[line] ?? 0), this.#sourceLength);
  }

  /** What is left of `raw`, which stands at `position`, once its lines have lost their beginnings. */
  inner(position: number, raw: string, text: string): SourcePlace {
    const rawLines = raw.split('\n');
    const rawStarts = lineStarts(raw);
    let next = 0;
    const starts = text.split('\n').map((line) => {
      // Blank lines may have been left out, but no more than a few in a row.
      const found = rawLines.slice(next, next + 8).findIndex((rawLine) => rawLine.endsWith(line.trimEnd()));
      const index = Math.min(next + Math.max(0, found), rawLines.length - 1);
      next = index + 1;
      const lost = (rawLines[index] ?? '').length - line.length;
      return this.at(position + (rawStarts[index] ?? 0) + Math.max(0, lost));
    });
    return new SourcePlace(text, starts, this.#sourceLength);
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The last line that begins at or before the position. */
function lineOf(starts: readonly number[], position: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
