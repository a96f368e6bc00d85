/** Walks JSON Schemas by their keywords, so that a property called `items` is never taken for one. */
import type { Schema, SchemaObject } from './documents.ts';

/** Keywords whose schemas look at the same value as the schema they stand in. */
export const inPlaceLists = ['allOf', 'anyOf', 'oneOf'] as const;
export const inPlaceSingles = ['not', 'if', 'then', 'else'] as const;
/** Keywords whose schemas look at a part of the value. */
const partSingles = [
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
  'items',
  'contains',
] as const;
const partMaps = ['properties', 'patternProperties', '$defs'] as const;

export interface SchemaMapper {
  inPlace: (schema: Schema) => Schema;
  part: (schema: Schema) => Schema;
}

/** A copy with every schema directly below this one mapped; the keywords keep their order. */
export function mapSchema(schema: SchemaObject, mapper: SchemaMapper): SchemaObject {
  const copy: SchemaObject = { ...schema };
  for (const keyword of inPlaceLists) {
    const list = copy[keyword];
    if (list) copy[keyword] = list.map(mapper.inPlace);
  }
  for (const keyword of inPlaceSingles) {
    const single = copy[keyword];
    if (single !== undefined) copy[keyword] = mapper.inPlace(single);
  }
  for (const keyword of partSingles) {
    const single = copy[keyword];
    if (single !== undefined) copy[keyword] = mapper.part(single);
  }
  for (const keyword of partMaps) {
    const map = copy[keyword];
    if (map) copy[keyword] = mapValues(map, mapper.part);
  }
  if (copy.prefixItems) copy.prefixItems = copy.prefixItems.map(mapper.part);
  if (copy.dependentSchemas) copy.dependentSchemas = mapValues(copy.dependentSchemas, mapper.inPlace);
  return copy;
}

export function mapValues<From, To>(map: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));
}
