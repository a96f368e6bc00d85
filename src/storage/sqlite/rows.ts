import { GatewayError } from '../../core/errors.ts';

/**
 * Rows as lists of cells: reading them so costs about half of what objects cost. Every cell is looked at before it is
 * believed, so that a file that somebody else wrote into gives an error and not a wrong value.
 */
export type Row = readonly unknown[];

export function toRow(result: unknown): Row | undefined {
  if (result === undefined || Array.isArray(result)) return result;
  return broken('a statement gave no list of cells');
}

export function toRows(results: readonly unknown[]): Row[] {
  return results.map((result) => toRow(result) ?? broken('a row is missing'));
}

export function text(row: Row, index: number): string {
  const cell = row[index];
  return typeof cell === 'string' ? cell : broken(`cell ${index} is no text`);
}

export function integer(row: Row, index: number): number {
  const cell = row[index];
  return typeof cell === 'number' ? cell : broken(`cell ${index} is no number`);
}

export function textOrNull(row: Row, index: number): string | null {
  return row[index] === null ? null : text(row, index);
}

export function integerOrNull(row: Row, index: number): number | null {
  return row[index] === null ? null : integer(row, index);
}

export function textOf<Word extends string>(row: Row, index: number, words: readonly Word[]): Word {
  const cell = row[index];
  return words.find((word) => word === cell) ?? broken(`cell ${index} is none of ${words.join(', ')}`);
}

/** Parses JSON and believes it only when `isValid` does. */
export function json<Value>(source: string, isValid: (value: unknown) => value is Value): Value {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    return broken('a cell is no JSON', cause);
  }
  return isValid(value) ? value : broken('the JSON of a cell is not of its shape');
}

export function broken(what: string, cause?: unknown): never {
  throw new GatewayError('INTERNAL', 'Something stored cannot be read. The request id finds it in the log.', {
    cause: new Error(`The database holds what this gateway did not write: ${what}.`, { cause }),
  });
}
