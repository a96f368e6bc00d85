import assert from 'node:assert/strict';
import fc from 'fast-check';
import { membersOf } from '../../../src/providers/wire/json-members.ts';
import { jsonText } from './json-text.ts';

describe('the members of a JSON object in its bytes', () => {
  it('are those that a parser finds, however they are written', () => {
    fc.assert(
      fc.property(jsonText, ({ text, members }) => {
        const bytes = Buffer.from(text);
        const found = membersOf(bytes);
        assert.deepEqual(
          found.map(({ name, start, end }) => [name, JSON.parse(bytes.toString('utf8', start, end))]),
          members,
        );
        // No space belongs to a value.
        for (const { start, end } of found)
          assert.equal(bytes.toString('utf8', start, end).trim(), bytes.toString('utf8', start, end));
      }),
      { numRuns: 500 },
    );
  });

  const long = 'x'.repeat(100);
  const rows: [text: string, values: string[]][] = [
    ['{}', []],
    [' \r\n\t{ } ', []],
    ['{"a":1}', ['1']],
    ['{"a" : -1.5e+3 ,"b":true}', ['-1.5e+3', 'true']],
    ['{"a":"}","b":null}', ['"}"', 'null']],
    ['{"a":"\\"","b":"\\\\","c":"\\\\\\""}', ['"\\""', '"\\\\"', '"\\\\\\""']],
    [`{"a":"${long}\\"${long}","b":"${long}\\\\","c":3}`, [`"${long}\\"${long}"`, `"${long}\\\\"`, '3']],
    ['{"a":{"b":"]}"},"c":[{"d":["}"]}]}', ['{"b":"]}"}', '[{"d":["}"]}]']],
    ['{"a":1,"a":2}', ['1', '2']],
    ['{"Grüße":"東京"}', ['"東京"']],
  ];
  for (const [text, values] of rows)
    it(`are found in ${text.slice(0, 40)}`, () => {
      const bytes = Buffer.from(text);
      assert.deepEqual(
        membersOf(bytes).map(({ start, end }) => bytes.toString('utf8', start, end)),
        values,
      );
    });

  it('have the names that their escapes mean', () => {
    assert.deepEqual(
      membersOf(Buffer.from('{"mod\\u0065l":1,"\\"":2}')).map(({ name }) => name),
      ['model', '"'],
    );
  });

  it('are found in an object that stands inside the bytes', () => {
    const bytes = Buffer.from('[1, {"a": 2}]');
    assert.deepEqual(membersOf(bytes, 3), [{ name: 'a', start: 10, end: 11 }]);
  });
});
