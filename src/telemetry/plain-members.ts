import type { LogFields } from '../core/ports/log.ts';
import type { FieldName, FieldTexts } from './field-texts.ts';
import { mostMembers } from './redact-fields.ts';
import { redacted } from './scrub.ts';

/** The fields of a line as members of JSON, each behind a comma; undefined where one is more than a plain value. */
export type PlainMembers = (fields: LogFields) => string | undefined;

/** What most lines are made of, each request's among them. What pino makes of it is the same and takes several times as long. */
export function createPlainMembers({ text, nameOf }: FieldTexts): PlainMembers {
  /** Methods, operations and keys mostly come again with the next line. */
  function jsonOf(value: string, { latest }: FieldName): string {
    if (value !== latest.value) {
      latest.value = value;
      latest.json = JSON.stringify(text(value));
    }
    return latest.json;
  }

  /** Undefined for what is no plain value. */
  function writePlain(value: unknown, name: FieldName): string | undefined {
    switch (typeof value) {
      case 'string':
        return name.secret ? JSON.stringify(redacted) : jsonOf(value, name);
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
      const name = nameOf(key);
      const written = writePlain(value, name);
      if (written === undefined) return undefined;
      members += name.json + written;
    }
    return members;
  };
}
