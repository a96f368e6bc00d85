/** Makes fields fit for the log: bounded, plain, errors with their causes, and without a secret at any depth. */
import type { LogFields } from '../core/ports/log.ts';
import type { FieldTexts } from './field-texts.ts';
import { redacted } from './scrub.ts';

export type RedactFields = (fields: LogFields) => Record<string, unknown>;

const deepest = 6;
export const mostMembers = 100;
/** Causes of causes. */
const longestChain = 5;

export function createRedactFields({ text, nameOf }: FieldTexts): RedactFields {
  function plain(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        return text(value);
      case 'number':
      case 'boolean':
      case 'undefined':
        return value;
      case 'bigint':
        return String(value);
      case 'function':
      case 'symbol':
        return undefined;
      case 'object':
        return value === null ? null : plainObject(value, depth);
    }
  }

  function plainObject(value: object, depth: number): unknown {
    if (value instanceof Error) return plainError(value, depth, longestChain);
    if (value instanceof URL || value instanceof RegExp) return text(String(value));
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (depth >= deepest) return '[deeper]';
    if (value instanceof Map) return members(value, depth);
    if (Array.isArray(value) || value instanceof Set) {
      return [...value].slice(0, mostMembers).map((item) => plain(item, depth + 1));
    }
    return members(Object.entries(value), depth);
  }

  function members(entries: Iterable<[unknown, unknown]>, depth: number): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    let left = mostMembers;
    for (const [key, value] of entries) {
      if (left-- === 0) break;
      const { shown, secret } = nameOf(String(key));
      result[shown] = secret && isTelling(value) ? redacted : plain(value, depth + 1);
    }
    return result;
  }

  function plainError(error: Error, depth: number, chain: number): Record<string, unknown> {
    const { name, message, stack, cause } = error;
    const own = Object.entries(error).filter(([, value]) => typeof value !== 'object' && typeof value !== 'function');
    const result: Record<string, unknown> = { name, message: text(message), ...members(own, depth) };
    if (stack !== undefined) result.stack = text(stack);
    if (chain === 0) return result;
    if (cause !== undefined) {
      result.cause = cause instanceof Error ? plainError(cause, depth + 1, chain - 1) : plain(cause, depth + 1);
    }
    if (error instanceof AggregateError) {
      result.errors = error.errors
        .slice(0, longestChain)
        .map((one) => (one instanceof Error ? plainError(one, depth + 1, chain - 1) : plain(one, depth + 1)));
    }
    return result;
  }

  return (fields) => {
    try {
      return members(Object.entries(fields), 0);
    } catch (error) {
      // A getter that throws must not cost the line.
      return { unreadable: error instanceof Error ? error.name : 'thrown' };
    }
  };
}

/** Figures are never secrets, whatever they are called: `inputTokens`, `firstToken`. */
function isTelling(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}
