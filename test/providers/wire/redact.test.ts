import assert from 'node:assert/strict';
import fc from 'fast-check';
import { snippet } from '../../../src/providers/wire/redact.ts';

describe('redact', () => {
  it('keeps the beginning', () => {
    assert.equal(snippet('short', []), 'short');
    assert.equal(snippet('x'.repeat(1000), []), `${'x'.repeat(500)}…`);
  });

  it('leaves no more of the key than anybody could guess, wherever it stands', () => {
    const key = 'sk-0123456789abcdef';
    const keys = ['sk-other', key];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(key), fc.string()), { maxLength: 200 }), (pieces) => {
        const shown = snippet(pieces.join(''), keys);
        fc.pre(!pieces.some((piece) => piece !== key && piece.includes(key.slice(0, 8))));
        assert.ok(!shown.includes(key.slice(0, 8)));
      }),
    );
    for (let before = 480; before <= 500; before++)
      assert.ok(!snippet(`${'x'.repeat(before)}${key}`, keys).includes('sk-0'));
  });
});
