import assert from 'node:assert/strict';
import { estimateTokens } from '../../src/core/usage.ts';

describe('an estimate of tokens', () => {
  const cases: [text: string, tokens: number][] = [
    ['', 0],
    ['a', 1],
    ['abcd', 1],
    ['abcde', 2],
    ['你', 1],
    ['你好', 2],
    ['😀😀', 2],
  ];
  for (const [text, tokens] of cases) {
    it(`of ${JSON.stringify(text)} is ${tokens}`, () => assert.equal(estimateTokens(text), tokens));
  }
});
