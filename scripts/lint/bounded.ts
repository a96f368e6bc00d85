/**
 * Everything that crosses the wire has an end: a list its number, a text its length, a map its size, a number its range.
 * What has none is memory that a stranger decides about, and an SDK that cannot size a field. What says nothing at all
 * (`{}`) has no end either.
 */
import type { SchemaObject } from '../generate/documents.ts';
import { isSchemaObject, type Report, type Rule, reporter, typesOf } from './rule.ts';

export const bounded: Rule = () => ({
  Schema(schema: unknown, context) {
    if (!isSchemaObject(schema)) return;
    const report = reporter(context);
    if (schema.enum || schema.const !== undefined) return;
    const types = typesOf(schema);
    if (types.includes('array') && schema.maxItems === undefined) report('A list has to have maxItems.');
    if (types.includes('string')) checkString(schema, report);
    if (types.includes('object')) checkMap(schema, report);
    if (types.includes('integer') || types.includes('number')) checkNumber(schema, report);
    if (!Object.keys(schema).some(isAssertion)) report('A schema has to say what fits it.');
  },
});

function checkString({ maxLength, pattern }: SchemaObject, report: Report): void {
  if (maxLength !== undefined || (typeof pattern === 'string' && patternIsBounded(pattern))) return;
  report('A text has to have maxLength, an enum, or a pattern of fixed length.');
}

/** Both ends are fixed, and nothing between them repeats without end. */
function patternIsBounded(pattern: string): boolean {
  return /^\^[^|]*\$$/.test(pattern) && !/[*+]|\{\d+,\}/.test(pattern.replaceAll(/\\.|\[[^\]]*\]/g, 'x'));
}

function checkMap(schema: SchemaObject, report: Report): void {
  const { additionalProperties: others, properties, patternProperties, maxProperties } = schema;
  const isPart = schema.allOf || schema.anyOf || schema.oneOf || schema.required;
  const isMap =
    (others !== undefined && others !== false) || patternProperties || (!properties && !isPart && others !== false);
  if (isMap && maxProperties === undefined) report('A map has to have maxProperties.');
}

function checkNumber(schema: SchemaObject, report: Report): void {
  if (schema.minimum === undefined && schema.exclusiveMinimum === undefined) report('A number has to have a minimum.');
  if (schema.maximum === undefined && schema.exclusiveMaximum === undefined) report('A number has to have a maximum.');
}

const annotations = new Set(['title', 'description', 'default', 'example', 'examples', 'deprecated', 'externalDocs']);

function isAssertion(keyword: string): boolean {
  return !annotations.has(keyword) && !keyword.startsWith('x-');
}
