import type { Schema, SchemaObject } from './documents.ts';

const schemaPrefix = '#/components/schemas/';

/** The component that a reference names, as in `#/components/schemas/Note` → `Note`. */
export function schemaName(ref: string): string {
  if (!ref.startsWith(schemaPrefix)) throw new Error(`${ref} does not name a schema of the components.`);
  return ref.slice(schemaPrefix.length);
}

export function findSchema(ref: string, schemas: Record<string, Schema>): SchemaObject {
  const schema = schemas[schemaName(ref)];
  if (typeof schema !== 'object') throw new Error(`${ref} is not there.`);
  return schema;
}

/** A parameter, an answer or a body is written in place or referred to; this looks through the reference. */
export function deref<Value extends { $ref?: string }>(value: Value, components: Record<string, Value> = {}): Value {
  if (value.$ref === undefined) return value;
  const found = components[value.$ref.split('/').at(-1) ?? ''];
  if (!found) throw new Error(`${value.$ref} is not there.`);
  return deref(found, components);
}
