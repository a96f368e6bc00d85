import assert from 'node:assert/strict';
import type { ValidateError } from '../../generated/validators/validate.ts';
import type { Fault } from '../../src/core/errors.ts';
import { toFaults } from '../../src/versions/to-faults.ts';

const error = (keyword: string, params = {}, more: Partial<ValidateError> = {}): ValidateError => ({
  instancePath: '/a',
  keyword,
  params,
  ...more,
});

describe('what a validator finds, for people:', () => {
  const cases: [name: string, errors: ValidateError[], want: Fault[]][] = [
    ['nothing', [], []],
    [
      'a rule’s own words',
      [error('type', {}, { message: 'must be string' })],
      [{ pointer: '/a', message: 'must be string' }],
    ],
    ['a rule without words', [error('pattern')], [{ pointer: '/a', message: 'is not valid' }]],
    [
      'a member too many, by its name',
      [error('additionalProperties', { additionalProperty: 'x/y~z' })],
      [{ pointer: '/a/x~1y~0z', message: 'is not known here' }],
    ],
    [
      'a value outside a list',
      [error('enum', { allowedValues: ['x', 'y'] })],
      [{ pointer: '/a', message: 'must be one of x, y' }],
    ],
    [
      'a value that is not the one',
      [error('const', { allowedValue: 'x' })],
      [{ pointer: '/a', message: 'must be "x"' }],
    ],
    [
      'a shape that is none of many',
      [error('discriminator', { tag: 'type' })],
      [{ pointer: '/a/type', message: 'must name one of the shapes that the contract has' }],
    ],
    [
      'no shape fitting, where that is all',
      [error('oneOf', {}, { message: 'must match one' })],
      [{ pointer: '/a', message: 'must match one' }],
    ],
    [
      'the faults of the shapes, where there are some',
      [error('type', {}, { message: 'must be string' }), error('oneOf')],
      [{ pointer: '/a', message: 'must be string' }],
    ],
    [
      'each fault once',
      [error('type', {}, { message: 'm' }), error('type', {}, { message: 'm' })],
      [{ pointer: '/a', message: 'm' }],
    ],
  ];
  for (const [name, errors, want] of cases) it(name, () => assert.deepEqual(toFaults(errors, ''), want));

  it('under the place where the value lies', () => {
    assert.equal(toFaults([error('type')], '/query')[0]?.pointer, '/query/a');
  });

  it('no more of it than the contract lets out', () => {
    const long = 'x'.repeat(5000);
    const many = Array.from({ length: 50 }, (_, index) =>
      error('type', {}, { instancePath: `/${index}${long}`, message: long }),
    );
    const faults = toFaults(many, '');
    assert.equal(faults.length, 20);
    assert.ok(faults.every(({ pointer, message }) => pointer.length <= 1000 && message.length <= 1000));
    const [unknown] = toFaults([error('additionalProperties', { additionalProperty: long })], '');
    assert.ok((unknown?.pointer.length ?? 0) < 200);
  });
});
