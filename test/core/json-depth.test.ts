import assert from 'node:assert/strict';
import fc from 'fast-check';
import { deepest, isTooDeep } from '../../src/core/json-depth.ts';

function nested(levels: number, inner = ''): string {
  return '['.repeat(levels) + inner + ']'.repeat(levels);
}

describe('the depth of JSON', () => {
  const table: readonly [name: string, json: string, expected: boolean][] = [
    ['as deep as may be', nested(deepest), false],
    ['one level more', nested(deepest + 1), true],
    ['objects count as well', `${'{"a":'.repeat(deepest + 1)}1`, true],
    ['levels beside each other are not deep', `[${nested(5)},${'[],'.repeat(200)}0]`, false],
    ['brackets in a string are no levels', JSON.stringify('['.repeat(200)), false],
    ['nor behind an escaped quote', JSON.stringify(`"${'['.repeat(200)}`), false],
    ['a string that ends with a backslash ends', `["\\\\",${nested(deepest)}]`, true],
    ['a key is a string', JSON.stringify({ ['['.repeat(200)]: 1 }), false],
    ['a string without an end', `"${'['.repeat(200)}`, false],
    ['40,000 levels', nested(40_000), true],
    ['nothing', '', false],
  ];
  for (const [name, json, expected] of table) {
    it(name, () => assert.equal(isTooDeep(json), expected));
  }

  it('agrees with what a parser finds', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.integer({ min: 0, max: deepest + 3 }), (value, levels) => {
        const json = nested(levels, JSON.stringify(value));
        assert.equal(isTooDeep(json), depthOf(JSON.parse(json)) > deepest);
      }),
    );
  });
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
