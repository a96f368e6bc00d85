import type { LogFields } from '../core/ports/log.ts';
import type { FieldTexts } from './field-texts.ts';
import { mostMembers } from './redact-fields.ts';
import { redacted } from './scrub.ts';

/** The fields of a line as members of JSON, each behind a comma; undefined where one is more than a plain value. */
export type PlainMembers = (fields: LogFields) => string | undefined;

const mostKnown = 1000;
const longestKnown = 64;

/** What most lines are made of, each request's among them. What pino makes of it is the same and takes several times as long. */
export function createPlainMembers({ text, nameOf }: FieldTexts): PlainMembers {
  const known = new Map<string, string>();

  /** Methods, operations and keys come again with every line. */
  function jsonOf(value: string): string {
    const before = known.get(value);
    if (before !== undefined) return before;
    const json = JSON.stringify(text(value));
    if (known.size < mostKnown && value.length <= longestKnown) known.set(value, json);
    return json;
  }

  /** Undefined for what is no plain value. */
  function valueOf(value: unknown, secret: boolean): string | undefined {
    switch (typeof value) {
      case 'string':
        return secret ? JSON.stringify(redacted) : jsonOf(value);
      case 'number':
        return Number.isFinite(value) ? String(value) : 'null';
      case 'boolean':
        return String(value);
      default:
        return value === null ? 'null' : undefined;
    }
  }

  return (fields) => {
    const keys = Object.keys(fields);
    if (keys.length > mostMembers) return undefined;
    let members = '';
    for (const key of keys) {
      const value = fields[key];
      if (value === undefined) continue;
      const { json, secret } = nameOf(key);
      const written = valueOf(value, secret);
      if (written === undefined) return undefined;
      members += json + written;
    }
    return members;
  };
}
