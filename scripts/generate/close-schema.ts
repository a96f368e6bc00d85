/**
 * Makes the closed copy of what we publish open. A client has to accept members that it does not know, or an addition
 * would break it; our own checks must not, or a leak or a misspelt member would pass. A schema cannot simply be closed
 * where it stands: as one part of an `allOf` it would refuse the members of the other parts. So each value's outermost
 * schema is closed, and what applies to the same value below it is left open.
 */
import type { Schema, SchemaObject } from './documents.ts';
import { inPlaceLists, mapSchema } from './map-schema.ts';
import { findSchema, schemaName } from './resolve.ts';

const suffix = '.closed';

/** Each component twice: open, for use as a part of something, and closed under a name of its own. */
export function closeComponents(schemas: Record<string, Schema>): Record<string, Schema> {
  const copies: Record<string, Schema> = {};
  for (const [name, schema] of Object.entries(schemas)) {
    copies[name] = closeParts(schema, schemas);
    copies[name + suffix] = closeSchema(schema, schemas);
  }
  return copies;
}

export function closeSchema(schema: Schema, schemas: Record<string, Schema>): Schema {
  if (typeof schema === 'boolean') return schema;
  if (schema.$ref && Object.keys(schema).length === 1)
    return { $ref: `#/components/schemas/${schemaName(schema.$ref)}${suffix}` };
  // A value is of exactly one shape of a union, which can be closed by itself. Ajv forgets what a discriminator has seen.
  if (schema.oneOf && !refines(schema)) {
    return { ...schema, oneOf: schema.oneOf.map((branch) => closeSchema(branch, schemas)) };
  }
  const closed = closeParts(schema, schemas);
  if (typeof closed === 'boolean' || !describesObject(schema, schemas)) return closed;
  if (closed.additionalProperties !== undefined || closed.unevaluatedProperties !== undefined) return closed;
  // Only what looks through other schemas needs the costlier keyword.
  const plain = !closed.$ref && inPlaceLists.every((keyword) => !closed[keyword]) && closed.if === undefined;
  return { ...closed, [plain ? 'additionalProperties' : 'unevaluatedProperties']: false };
}

/** Whether it says anything of an object beside its union. */
function refines({ $ref, properties, allOf, anyOf, if: condition }: SchemaObject): boolean {
  return [$ref, properties, allOf, anyOf, condition].some((keyword) => keyword !== undefined);
}

function closeParts(schema: Schema, schemas: Record<string, Schema>): Schema {
  if (typeof schema === 'boolean') return schema;
  return mapSchema(schema, {
    inPlace: (below) => closeParts(below, schemas),
    part: (below) => closeSchema(below, schemas),
  });
}

function describesObject(schema: Schema, schemas: Record<string, Schema>, seen = new Set<SchemaObject>()): boolean {
  if (typeof schema === 'boolean' || seen.has(schema)) return false;
  seen.add(schema);
  if (schema.properties || [schema.type].flat().includes('object')) return true;
  if (schema.$ref && describesObject(findSchema(schema.$ref, schemas), schemas, seen)) return true;
  return inPlaceLists.some((keyword) => schema[keyword]?.some((below) => describesObject(below, schemas, seen)));
}
