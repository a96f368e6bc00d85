/**
 * The same schemas are read as OpenAPI 3.1 and as AsyncAPI 3, by code generators of both. These keywords mean another
 * thing in each, or are left out by the generators: a union is told by a constant member, a closed object by
 * `additionalProperties`. Beside a `$ref` AsyncAPI keeps nothing, so only our own marks may stand there.
 */
import { isSchemaObject, type Rule, reporter } from './rule.ts';

const unportable = [
  'discriminator',
  'prefixItems',
  'unevaluatedProperties',
  'unevaluatedItems',
  'dependentSchemas',
  'dependentRequired',
  'nullable',
  '$defs',
  '$id',
  '$anchor',
  '$dynamicRef',
  '$dynamicAnchor',
];

export const portableSchemas: Rule = () => ({
  Schema(schema: unknown, context) {
    if (!isSchemaObject(schema)) return;
    const report = reporter(context);
    for (const keyword of unportable) {
      if (keyword in schema) report(`${keyword} does not mean the same everywhere.`, keyword);
    }
  },
});

export const refSiblings: Rule = () => ({
  ref: {
    enter(node: { $ref: string }, context) {
      const report = reporter(context);
      for (const name of Object.keys(node)) {
        if (name !== '$ref' && !name.startsWith('x-')) report(`${name} beside a $ref is ignored by AsyncAPI.`, name);
      }
    },
  },
});
