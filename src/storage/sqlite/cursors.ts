import { GatewayError } from '../../core/errors.ts';

/** Where a page goes on: numbers of our own, marked with what they are of, so that no cursor fits another list. */
export type CursorKind = 'sessions' | 'messages' | 'events';

export function toCursor(kind: CursorKind, numbers: readonly number[]): string {
  return Buffer.from(`${kind} ${numbers.join(' ')}`).toString('base64url');
}

export function fromCursor(kind: CursorKind, cursor: string, count: number): number[] {
  const [found, ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const numbers = rest.map(Number);
  const isOurs = found === kind && numbers.length === count && numbers.every(Number.isSafeInteger);
  if (!isOurs || toCursor(kind, numbers) !== cursor) return refuseCursor();
  return numbers;
}

/** Likewise of texts, which have no line breaks. */
export function toTextCursor(kind: string, texts: readonly string[]): string {
  return Buffer.from([kind, ...texts].join('\n')).toString('base64url');
}

export function fromTextCursor(kind: string, cursor: string, count: number): string[] {
  const [found, ...texts] = Buffer.from(cursor, 'base64url').toString().split('\n');
  if (found !== kind || texts.length !== count || toTextCursor(kind, texts) !== cursor) return refuseCursor();
  return texts;
}

export function refuseCursor(): never {
  const message = 'must be the nextCursor of an earlier page';
  throw new GatewayError('INVALID_REQUEST', `The request does not fit the contract: /cursor ${message}.`, {
    faults: [{ pointer: '/cursor', message }],
  });
}
