import { refuseSchema } from './refuse-schema.ts';
import type { Schema } from './schema.ts';

/** The text, as long as the schema wants it; what the schema wants to be a date is one. */
export function stringOfSchema(schema: Schema, text: string): string {
  const { format } = schema;
  const string = (typeof format === 'string' ? formats[format] : undefined) ?? fitted(schema, text);
  if (typeof schema.pattern === 'string') throw refuseSchema('a pattern');
  return string;
}

/** Whether any text at all would do. */
export function isFree({ format, pattern }: Schema): boolean {
  return pattern === undefined && !(typeof format === 'string' && Object.hasOwn(formats, format));
}

/** Counted as JSON Schema counts, in code points. */
function fitted({ minLength, maxLength }: Schema, text: string): string {
  const points = typeof maxLength === 'number' ? [...text].slice(0, maxLength) : [...text];
  const missing = typeof minLength === 'number' ? minLength - points.length : 0;
  if (missing > LONGEST) throw refuseSchema('a string that long');
  return points.join('') + '.'.repeat(Math.max(0, missing));
}

const LONGEST = 100_000;

const formats: Readonly<Record<string, string>> = {
  'date-time': '2026-01-01T00:00:00Z',
  date: '2026-01-01',
  time: '00:00:00Z',
  duration: 'PT0S',
  email: 'echo@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};
