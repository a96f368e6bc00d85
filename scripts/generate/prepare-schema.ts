/**
 * Makes a schema of the specs ready for Ajv: references become the keys that Ajv knows the components by, annotations go
 * (they would be copied into the validators), and a union told apart by a tag says so. The specs themselves may not name
 * the tag, because OpenAPI and AsyncAPI disagree on how; Ajv needs it to answer with one fault instead of one a branch.
 */
import type { Schema, SchemaObject } from './documents.ts';
import { mapSchema } from './map-schema.ts';
import { findSchema, schemaName } from './resolve.ts';

const annotations = new Set([
  'title',
  'description',
  'default',
  'example',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'externalDocs',
  'xml',
  '$comment',
]);

export function prepareSchema(schema: Schema, schemas: Record<string, Schema>): Schema {
  if (typeof schema === 'boolean') return schema;
  const below = (part: Schema) => prepareSchema(part, schemas);
  const prepared = mapSchema(withoutAnnotations(schema), { inPlace: below, part: below });
  if (prepared.$ref) prepared.$ref = schemaName(prepared.$ref);
  const union = schema.oneOf && taggedUnion(schema.oneOf, schemas);
  if (!union) return prepared;
  return { ...prepared, type: 'object', discriminator: { propertyName: union.tag }, oneOf: union.branches.map(below) };
}

function withoutAnnotations(schema: SchemaObject): SchemaObject {
  const kept = Object.entries(schema).filter(([keyword]) => !annotations.has(keyword) && !keyword.startsWith('x-'));
  return Object.fromEntries(kept);
}

/** The tag is a required property that is a constant, another one in each branch. A union in a union is one of its branches. */
function taggedUnion(
  oneOf: Schema[],
  schemas: Record<string, Schema>,
): { tag: string; branches: Schema[] } | undefined {
  const branches = oneOf.flatMap((branch) => flatten(branch, schemas));
  const objects = branches.map((branch) => lookThrough(branch, schemas));
  for (const tag of objects[0]?.required ?? []) {
    const values = objects.map((object) => tagValue(object, tag));
    if (!values.includes(undefined) && new Set(values).size === values.length) return { tag, branches };
  }
  return undefined;
}

function flatten(branch: Schema, schemas: Record<string, Schema>): Schema[] {
  const { oneOf, ...rest } = lookThrough(branch, schemas);
  const isOnlyUnion = Object.keys(withoutAnnotations(rest)).length === 0;
  return oneOf && isOnlyUnion ? oneOf.flatMap((below) => flatten(below, schemas)) : [branch];
}

function lookThrough(schema: Schema, schemas: Record<string, Schema>): SchemaObject {
  if (typeof schema === 'boolean') return {};
  return schema.$ref ? lookThrough(findSchema(schema.$ref, schemas), schemas) : schema;
}

function tagValue(object: SchemaObject, tag: string): string | undefined {
  const property = object.properties?.[tag];
  if (typeof property !== 'object' || !object.required?.includes(tag)) return undefined;
  const { const: value = property.enum?.length === 1 ? property.enum[0] : undefined } = property;
  return typeof value === 'string' ? value : undefined;
}
