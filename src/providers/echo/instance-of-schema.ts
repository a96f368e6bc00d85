/**
 * JSON Schema → the smallest value that it lets pass, always the same, with the echo in the first string that is free to
 * say anything. What it cannot be sure to follow it refuses, so that a program sees its own schema kept or hears why not.
 */
import { numberOfSchema } from './number-of-schema.ts';
import { refuseSchema } from './refuse-schema.ts';
import { isSchema, type Schema } from './schema.ts';
import { isFree, stringOfSchema } from './string-of-schema.ts';

const DEEPEST = 64;
/** Values in one instance: lists of lists of lists would otherwise fill the memory. */
const MOST = 10_000;

/** Words that narrow what passes in a way that would have to be searched for. */
const beyond = [
  'not',
  'if',
  'contains',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
  'propertyNames',
  'unevaluatedItems',
  '$dynamicRef',
];

export function instanceOfSchema(root: Schema, text: string): unknown {
  let isSaid = false;
  let count = 0;

  function instanceOf(given: unknown, depth: number): unknown {
    if (++count > MOST || depth > DEEPEST) throw refuseSchema('it is too deep, or contains itself');
    const schema = resolve(given, depth);
    if ('const' in schema) return schema.const;
    if (Array.isArray(schema.enum)) return firstOf(schema.enum);
    switch (typeOf(schema)) {
      case 'object':
        return objectOf(schema, depth);
      case 'array':
        return listOf(schema, depth);
      case 'number':
        return numberOfSchema(schema, false);
      case 'integer':
        return numberOfSchema(schema, true);
      case 'boolean':
        return false;
      case 'null':
        return null;
      default:
        return textOf(schema);
    }
  }

  function textOf(schema: Schema): string {
    if (isSaid || !isFree(schema)) return stringOfSchema(schema, '');
    isSaid = true;
    return stringOfSchema(schema, text);
  }

  function objectOf(schema: Schema, depth: number): object {
    const properties = isSchema(schema.properties) ? schema.properties : {};
    const others = schema.additionalProperties ?? true;
    const named = Object.keys(properties);
    const required = new Set(Array.isArray(schema.required) ? schema.required.map(String) : []);
    const members = new Map<string, unknown>();
    const add = (name: string) => {
      if (members.has(name)) return;
      members.set(name, instanceOf(Object.hasOwn(properties, name) ? properties[name] : others, depth + 1));
    };
    for (const name of named) if (required.has(name)) add(name);
    required.forEach(add);
    const free = named.find((name) => !isSaid && !members.has(name) && isText(properties[name], depth + 1));
    if (free !== undefined) add(free);
    const invented = Array.from(
      { length: Math.min(Number(schema.minProperties ?? 0), MOST) },
      (_, n) => `echo${n + 1}`,
    );
    for (const name of [...named, ...invented]) if (members.size < invented.length) add(name);
    return Object.fromEntries(members);
  }

  function listOf(schema: Schema, depth: number): unknown[] {
    const least = Number(schema.minItems ?? 0);
    if (least > 1 && schema.uniqueItems === true) throw refuseSchema('unique items');
    const first = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
    return Array.from({ length: Math.min(least, MOST + 1) }, (_, n) =>
      instanceOf(first[n] ?? schema.items ?? true, depth + 1),
    );
  }

  function isText(given: unknown, depth: number): boolean {
    const schema = resolve(given, depth);
    return !('const' in schema) && !Array.isArray(schema.enum) && typeOf(schema) === 'string' && isFree(schema);
  }

  /** References followed, all parts put together, and of choices the first. */
  function resolve(given: unknown, depth: number): Schema {
    if (given === true) return {};
    if (!isSchema(given)) throw refuseSchema('nothing passes it');
    const word = beyond.find((one) => one in given);
    if (word !== undefined) throw refuseSchema(`the word ${word}`);
    if (depth > DEEPEST) throw refuseSchema('it is too deep, or contains itself');
    const { $ref, allOf, anyOf, oneOf, ...own } = given;
    const parts = [
      ...(typeof $ref === 'string' ? [at(root, $ref)] : []),
      ...(Array.isArray(allOf) ? allOf : []),
      ...(Array.isArray(anyOf) ? [firstOf(anyOf)] : []),
      ...(Array.isArray(oneOf) ? [firstOf(oneOf)] : []),
    ];
    return parts.reduce<Schema>((merged, part) => merge(merged, resolve(part, depth + 1)), own);
  }

  return instanceOf(root, 0);
}

function merge(a: Schema, b: Schema): Schema {
  const both = { ...a, ...b };
  if (isSchema(a.properties) && isSchema(b.properties)) both.properties = { ...a.properties, ...b.properties };
  if (Array.isArray(a.required) && Array.isArray(b.required)) both.required = [...a.required, ...b.required];
  return both;
}

function typeOf(schema: Schema): unknown {
  const types = [schema.type ?? []].flat();
  if (types.length > 0) return types.find((type) => type !== 'null') ?? 'null';
  if ('properties' in schema || 'required' in schema || 'additionalProperties' in schema) return 'object';
  if ('items' in schema || 'prefixItems' in schema) return 'array';
  return 'minimum' in schema || 'maximum' in schema ? 'number' : 'string';
}

/** A place in the schema itself (RFC 6901). */
function at(root: Schema, reference: string): unknown {
  if (!reference.startsWith('#')) throw refuseSchema('a reference to another schema');
  let place: unknown = root;
  for (const step of decodeURIComponent(reference.slice(1)).split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    place = typeof place === 'object' && place !== null && Object.hasOwn(place, name) ? Object(place)[name] : undefined;
  }
  return place;
}

function firstOf(choices: readonly unknown[]): unknown {
  if (choices.length === 0) throw refuseSchema('nothing passes it');
  return choices[0];
}
