import assert from 'node:assert/strict';
import fc from 'fast-check';
import { measure } from '../../src/channels/wire/measure.ts';
import type { Chunk } from '../../src/core/ports/channel.ts';
import { document, hostile } from './documents.ts';
import type { Subject, Test } from './subject.ts';

export function describeRendering(given: () => Subject, test: Test): void {
  const render = (markdown: string): Chunk[] => {
    const { channel, read } = given();
    const { length, unit } = channel.manifest.textLimit;
    const chunks = channel.render(markdown);
    assert.ok(chunks.length > 0);
    for (const { text, plain } of chunks) {
      for (const one of [text, plain]) {
        assert.ok(measure(one, unit) <= length, `${measure(one, unit)} > ${length}`);
        assert.ok(one.isWellFormed(), 'half a character');
        assert.notEqual(one.trim(), '');
      }
      assert.notEqual(read(text).trim(), '');
    }
    return chunks;
  };

  test('says a short text in one message, and in plain words as it was written', () => {
    const markdown = '# Title\n\nSome **bold** `code` & <tags>.\n\n- one\n- two';
    const [chunk, ...more] = render(markdown);
    assert.deepEqual(more, []);
    assert.equal(given().readPlain(chunk?.plain ?? ''), markdown);
  });

  test('says something even of nothing', () => {
    for (const nothing of ['', ' ', '\n\n', '\t', '\u0000', '&nbsp;', '**', '```\n```', '[]()', '> ', '- '])
      render(nothing);
  });

  test('keeps every message whole, within the limit, and all words in their order', () => {
    fc.assert(
      fc.property(document({ sentences: 400 }), (markdown) => {
        const chunks = render(markdown);
        const said = chunks.map(({ text }) => given().read(text)).join('\n');
        assert.deepEqual(said.match(/w\d+/g), markdown.match(/w\d+/g));
        const plain = chunks.map((chunk) => chunk.plain).join('\n');
        assert.deepEqual(plain.match(/w\d+/g), markdown.match(/w\d+/g));
      }),
      { numRuns: 15 },
    );
  });

  test('loses no letter of the plain text, whatever the Markdown', () => {
    fc.assert(
      fc.property(hostile({ pieces: 1500 }), (markdown) => {
        const plain = render(markdown).map((chunk) => given().readPlain(chunk.plain));
        const letters = (text: string) => text.toWellFormed().replaceAll(/[\s\p{Cc}]/gu, '');
        assert.equal(letters(plain.join('')), letters(markdown) || '…');
      }),
      { numRuns: 25 },
    );
  });

  test('opens a fence again in each message, with its language', () => {
    const code = Array.from({ length: 3000 }, (_, line) => `let w${line} = 1 < ${line};`).join('\n');
    const chunks = render(`Before.\n\n\`\`\`js\n${code}\n\`\`\`\n\nAfter.`);
    assert.ok(chunks.length > 3);
    const opened = chunks.filter(({ text }) => /```(?:js)?\n|language-js/.test(text));
    assert.ok(opened.length >= chunks.length - 1);
    for (const { text } of chunks)
      for (const line of given().read(text).split('\n')) if (line.startsWith('let')) assert.match(line, /;$/);
  });

  test('cuts no link in two', () => {
    const link = '[a label of some words](https://example.org/a/path?with=a&query=1)';
    const paragraph = Array.from({ length: 40 }, () => link).join(' ');
    const chunks = render(Array.from({ length: 30 }, () => paragraph).join('\n\n'));
    assert.ok(chunks.length > 3);
    for (const { plain } of chunks) assert.equal(given().readPlain(plain).split(link).join('').trim(), '');
  });

  test('cuts no letter in two, not even one of seven', () => {
    const family = '👩‍👩‍👧‍👦';
    const chunks = render(family.repeat(3000));
    assert.ok(chunks.length > 3);
    for (const { text, plain } of chunks) for (const one of [text, plain]) assert.equal(one.split(family).join(''), '');
  });
}
