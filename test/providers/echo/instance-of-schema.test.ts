import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { instanceOfSchema } from '../../../src/providers/echo/instance-of-schema.ts';
import type { Schema } from '../../../src/providers/echo/schema.ts';

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);

describe('an echo that follows a schema', () => {
  const person = {
    type: 'object',
    properties: {
      kind: { enum: ['person', 'robot'] },
      name: { type: 'string' },
      age: { type: 'integer', minimum: 18 },
      tags: { type: 'array', items: { type: 'string' }, minItems: 2 },
    },
    required: ['tags', 'name', 'age', 'kind'],
    additionalProperties: false,
  };
  const tree = {
    $defs: {
      node: {
        type: 'object',
        properties: { value: { type: 'string' }, next: { $ref: '#/$defs/node' } },
        required: ['value'],
      },
    },
    $ref: '#/$defs/node',
  };
  const rows: [title: string, schema: Schema, want: unknown][] = [
    ['any', {}, 'hi'],
    ['a string', { type: 'string' }, 'hi'],
    ['a short string', { type: 'string', maxLength: 1 }, 'h'],
    ['a long string', { type: 'string', minLength: 4 }, 'hi..'],
    ['a date', { type: 'string', format: 'date' }, '2026-01-01'],
    ['a constant', { const: { a: [1] } }, { a: [1] }],
    ['a choice of words', { type: 'string', enum: ['b', 'a'] }, 'b'],
    ['an object in the order of its properties', person, { kind: 'person', name: 'hi', age: 18, tags: ['', ''] }],
    [
      'what may be left out, but for the text',
      { properties: { n: { type: 'number' }, s: { type: 'string' }, t: { type: 'string' } } },
      { s: 'hi' },
    ],
    [
      'names that are required and not described',
      { type: 'object', required: ['a'], additionalProperties: { type: 'null' } },
      { a: null },
    ],
    [
      'so many members',
      { type: 'object', minProperties: 2, additionalProperties: { type: 'boolean' } },
      { echo1: false, echo2: false },
    ],
    [
      'a nested text',
      { type: 'object', required: ['a'], properties: { a: { type: 'array', minItems: 1, items: { type: 'string' } } } },
      { a: ['hi'] },
    ],
    ['an empty list', { type: 'array', items: { type: 'string' } }, []],
    ['a tuple', { type: 'array', prefixItems: [{ type: 'number' }, { type: 'string' }], minItems: 3 }, [0, 'hi', '']],
    ['what may be null', { type: ['null', 'string'] }, 'hi'],
    ['null', { type: 'null' }, null],
    ['a choice of schemas', { anyOf: [{ type: 'integer' }, { type: 'string' }] }, 0],
    ['one of them', { oneOf: [{ type: 'boolean' }, { type: 'string' }] }, false],
    [
      'all of them',
      {
        allOf: [
          { properties: { a: { type: 'string' } }, required: ['a'] },
          { properties: { b: { const: 1 } }, required: ['b'] },
        ],
      },
      { a: 'hi', b: 1 },
    ],
    ['a reference to a place', tree, { value: 'hi' }],
    ['a number above', { type: 'number', exclusiveMinimum: 2 }, 3],
    ['a number between', { type: 'number', exclusiveMinimum: 2, exclusiveMaximum: 3 }, 2.5],
    ['an integer above', { type: 'integer', minimum: 2.5 }, 3],
    ['an integer below', { type: 'integer', maximum: -2.5 }, -3],
    ['a multiple', { type: 'integer', minimum: 5, multipleOf: 4 }, 8],
  ];
  for (const [title, schema, want] of rows)
    it(`says ${title}`, () => {
      const instance = instanceOfSchema(schema, 'hi');
      assert.deepEqual(instance, want);
      assert.ok(ajv.validate(schema, instance), ajv.errorsText());
      if (title.includes('order')) assert.deepEqual(Object.keys(Object(instance)), Object.keys(Object(want)));
    });

  for (const [title, schema] of [
    ['a pattern', { type: 'string', pattern: '^a$' }],
    ['what is not', { not: { type: 'string' } }],
    ['what nothing passes', { type: 'object', required: ['a'], additionalProperties: false }],
    ['bounds with nothing between', { type: 'integer', minimum: 3, maximum: 2 }],
    ['unique items', { type: 'array', minItems: 2, uniqueItems: true }],
    ['a schema elsewhere', { $ref: 'https://example.com/schema' }],
    ['a schema that is nowhere', { $ref: '#/$defs/nothing' }],
    ['itself', { $ref: '#' }],
    ['itself in a member', { type: 'object', properties: { a: { $ref: '#' } }, required: ['a'] }],
    ['a list that fills the memory', { type: 'array', minItems: 1e9 }],
    ['a string that fills the memory', { type: 'string', minLength: 1e9 }],
    ['lists of lists', { type: 'array', minItems: 200, items: { type: 'array', minItems: 200 } }],
    ['no choices', { enum: [] }],
  ] as [string, Schema][])
    it(`refuses ${title}`, () => {
      assert.throws(() => instanceOfSchema(schema, 'hi'), {
        kind: 'unsupported_parameter',
        parameter: 'responseFormat',
      });
    });

  it('keeps every schema that it takes', () => {
    fc.assert(
      fc.property(schemas, fc.string(), (schema, text) => {
        const instance = instanceOfSchema(schema, text);
        assert.ok(ajv.validate(schema, instance), `${JSON.stringify(instance)}: ${ajv.errorsText()}`);
        assert.deepEqual(instanceOfSchema(schema, text), instance);
      }),
      { numRuns: 500 },
    );
  });
});

const { schemas } = fc.letrec<{ schemas: Schema }>((tie) => ({
  schemas: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.record({ type: fc.constant('string'), minLength: fc.nat(5), maxLength: fc.integer({ min: 5, max: 9 }) }),
    fc.record({
      type: fc.constantFrom('number', 'integer'),
      minimum: fc.integer(),
      multipleOf: fc.constantFrom(1, 2, 3),
    }),
    fc.record({ type: fc.constant('integer'), exclusiveMaximum: fc.integer() }),
    fc.record({ type: fc.constant('number'), exclusiveMinimum: fc.integer({ min: -9, max: 9 }) }),
    fc.record({ type: fc.constantFrom('boolean', 'null') }),
    fc.record({ const: fc.jsonValue().map((json): unknown => JSON.parse(JSON.stringify(json))) }),
    fc.record({ enum: fc.uniqueArray(fc.string(), { minLength: 1 }) }),
    fc.record({ type: fc.constant('array'), items: tie('schemas'), minItems: fc.nat(3) }),
    fc.record({ anyOf: fc.array(tie('schemas'), { minLength: 1, maxLength: 3 }) }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('schemas')).chain((properties) =>
      fc.record({
        type: fc.constant('object'),
        properties: fc.constant(properties),
        required: fc.subarray(Object.keys(properties)),
        additionalProperties: fc.constant(false),
      }),
    ),
  ),
}));
