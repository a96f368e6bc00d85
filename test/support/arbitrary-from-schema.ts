import fc, { type Arbitrary } from 'fast-check';

/** As much of JSON Schema as the contract uses. */
export type JsonSchema = boolean | SchemaObject;

interface SchemaObject {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema;
  items?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  examples?: unknown[];
}

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What long lists and texts are cut to: a bound is tested where it stands, not by chance. */
const mostItems = 4;
const mostCharacters = 40;
/** RFC 3339 has four digits for a year. */
const years = { min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true };

/** Makes values that fit a schema, or nearly: where two bounds meet, nearly has to do. */
export function arbitraryFromSchema(schema: JsonSchema, components: Record<string, JsonSchema>): Arbitrary<Json> {
  const of = (below: JsonSchema | undefined): Arbitrary<Json> => arbitraryFromSchema(below ?? true, components);
  if (typeof schema === 'boolean') return anything;
  if (schema.$ref) return of(components[schema.$ref.split('/').at(-1) ?? '']);
  if (schema.const !== undefined) return fc.constant(asJson(schema.const));
  if (schema.enum) return fc.constantFrom(...schema.enum.map(asJson));
  if (schema.oneOf) return fc.oneof(...schema.oneOf.map((branch) => of(merged(schema, branch))));
  switch ([schema.type].flat()[0]) {
    case 'object':
      return objectOf(schema, of);
    case 'array':
      return listOf(schema, of);
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.oneof(
        fc
          .maxSafeInteger()
          .map((number) => Math.min(Math.max(number, schema.minimum ?? number), schema.maximum ?? number)),
        fc.integer({ min: schema.minimum ?? -100, max: Math.min(schema.maximum ?? 100, (schema.minimum ?? 0) + 1000) }),
      );
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return anything;
  }
}

const anything: Arbitrary<Json> = fc.jsonValue({ maxDepth: 2 }).map(asJson);

type Of = (below: JsonSchema | undefined) => Arbitrary<Json>;

function objectOf({ properties = {}, required = [], additionalProperties }: SchemaObject, of: Of): Arbitrary<Json> {
  const members = Object.entries(properties).filter(([, below]) => below !== false);
  const known = fc.record(Object.fromEntries(members.map(([name, below]) => [name, of(below)])), {
    requiredKeys: required,
  });
  if (additionalProperties === undefined || additionalProperties === false) return known;
  const surplus = fc.dictionary(fc.string({ maxLength: 8 }), of(additionalProperties), { maxKeys: 3 });
  return fc.tuple(known, surplus).map(([own, more]) => ({ ...more, ...own }));
}

function listOf({ items, minItems = 0, maxItems = mostItems, uniqueItems }: SchemaObject, of: Of): Arbitrary<Json> {
  const bounds = { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, mostItems)) };
  if (!uniqueItems) return fc.array(of(items), bounds);
  return fc.uniqueArray(of(items), { ...bounds, selector: (item) => JSON.stringify(item) });
}

function textOf({
  pattern,
  format,
  minLength = 0,
  maxLength = mostCharacters,
  examples = [],
}: SchemaObject): Arbitrary<string> {
  const most = Math.min(maxLength, Math.max(minLength, mostCharacters));
  if (pattern) return fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, most));
  const plain = fc.string({ minLength, maxLength: most, unit: 'grapheme' });
  if (format === 'date-time') return fc.date(years).map((date) => date.toISOString());
  if (format === 'uri') return fc.webUrl();
  const shown = examples.map(String);
  return shown.length > 0 ? fc.oneof(plain, fc.constantFrom(...shown)) : plain;
}

/** A branch beside what stands around it. */
function merged({ oneOf: _, ...around }: SchemaObject, branch: JsonSchema): JsonSchema {
  if (
    typeof branch === 'boolean' ||
    Object.keys(around).every((keyword) => /^(description|examples|title|x-.*)$/.test(keyword))
  ) {
    return branch;
  }
  return {
    ...around,
    ...branch,
    properties: { ...around.properties, ...branch.properties },
    required: [...(around.required ?? []), ...(branch.required ?? [])],
  };
}

/** Whatever comes from a schema or from fast-check's JSON is JSON. */
function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
