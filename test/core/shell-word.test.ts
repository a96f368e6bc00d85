import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { toShellWord } from '../../src/core/shell-word.ts';

describe('a word for a shell', () => {
  it('is what it was where nothing is special about it', () => {
    for (const plain of ['1234567', 'U07ABC', 'ann@example.com']) assert.equal(toShellWord(plain), plain);
  });

  it('is no option', () => {
    assert.equal(toShellWord('-1001234'), '-- -1001234');
    assert.equal(toShellWord('--help me'), "-- '--help me'");
  });

  it('is read by a shell as the text it was', () => {
    const texts = fc.sample(
      fc.oneof(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
        fc.stringMatching(/^[-'"$`\\!#;&|<>\n\t ]+$/),
      ),
      { numRuns: 120, seed: 5 },
    );
    const all = texts.filter((text) => text !== '' && !text.includes('\0') && text.isWellFormed());
    const script = all.map((text) => `printf '%s\\0' ${toShellWord(text).replace(/^-- /, '')}`).join('\n');
    const said = execFileSync('bash', ['-c', script]).toString().split('\0');
    assert.deepEqual(said.slice(0, -1), all);
  });
});
