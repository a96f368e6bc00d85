import assert from 'node:assert/strict';
import { asWritten } from '../../../src/channels/wire/as-written.ts';
import { type Dialect, inDialect } from '../../../src/channels/wire/render-tree.ts';
import { splitMarkdown } from '../../../src/channels/wire/split.ts';

/** Shows where every mark is, and escapes nothing. */
const dialect: Dialect = {
  text: (text) => text,
  strong: (inner) => `{b ${inner}}`,
  emphasis: (inner) => `{i ${inner}}`,
  strike: (inner) => `{s ${inner}}`,
  code: (text) => `{c ${text}}`,
  link: (label, href) => `{a ${label} ${href}}`,
  heading: (inner) => `{h ${inner}}`,
  codeBlock: (text, language) => `{pre ${language}\n${text}\n}`,
  quote: (inner) => `{q ${inner}}`,
  plain: (source) => source,
};
const form = inDialect(dialect);
const split = (markdown: string, length: number) => splitMarkdown(markdown, form, { length, unit: 'utf16' });
const texts = (markdown: string, length: number) => split(markdown, length).map(({ text }) => text);
const plains = (markdown: string, length: number) => split(markdown, length).map(({ plain }) => plain);

const table: Record<string, { markdown: string; length: number; want: string[] }> = {
  'between paragraphs before lines': {
    markdown: 'aaaa aaaa\n\nbbbb\nbbbb\n\ncccc',
    length: 24,
    want: ['aaaa aaaa\n\nbbbb\nbbbb', 'cccc'],
  },
  'between lines before words': {
    markdown: 'one two\nthree four\nfive six',
    length: 21,
    want: ['one two\nthree four', 'five six'],
  },
  'between sentences before words': {
    markdown: 'One two three. Four five six seven',
    length: 24,
    want: ['One two three.', 'Four five six seven'],
  },
  'between Chinese sentences': {
    markdown: '一二三四五六。七八九十一二三四',
    length: 12,
    want: ['一二三四五六。', '七八九十一二三四'],
  },
  'between words before letters': { markdown: 'abcdefgh ijklmnop', length: 12, want: ['abcdefgh', 'ijklmnop'] },
  'between letters when it must be': { markdown: 'abcdefghijklm', length: 5, want: ['abcde', 'fghij', 'klm'] },
  'closes a style and opens it again': {
    markdown: '**one two three *four five***',
    length: 22,
    want: ['{b one two three}', '{b {i four five}}'],
  },
  'keeps a link whole': {
    markdown: 'go to [the page](http://x.y)',
    length: 25,
    want: ['go to', '{a the page http://x.y}'],
  },
  'takes a link apart that is too long by itself': {
    markdown: '[a](http://x.y/zzzzzzzz)',
    length: 12,
    want: ['[a](http://x', '.y/zzzzzzzz)'],
  },
  'opens a fence again, with its language': {
    markdown: '```js\nline 1\nline 2\nline 3\n```',
    length: 24,
    want: ['{pre js\nline 1\nline 2\n}', '{pre js\nline 3\n}'],
  },
  'leaves code in one piece if it can': {
    markdown: 'some text\n\n```\naaaa\nbbbb\ncccc\n```',
    length: 24,
    want: ['some text', '{pre \naaaa\nbbbb\ncccc\n}'],
  },
  'cuts a long line of code': {
    markdown: '```\nabcdefghijklmnop\n```',
    length: 16,
    want: ['{pre \nabcdefgh\n}', '{pre \nijklmnop\n}'],
  },
  'goes on in a quotation': {
    markdown: '> one two\n> three four',
    length: 14,
    want: ['{q one two}', '{q three four}'],
  },
  'goes on in a list, with its numbers': {
    markdown: '8. one\n9. two\n10. three',
    length: 14,
    want: ['8. one\n9. two', '10. three'],
  },
  'goes on in an item, without its mark': {
    markdown: '- one two three\n  four five six',
    length: 18,
    want: ['• one two three', '  four five six'],
  },
  'says the header of a table again': {
    markdown: '| a | b |\n|--|--|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |',
    length: 44,
    want: ['{pre \na   | b\n----+----\n1   | 2\n3   | 4\n}', '{pre \na   | b\n----+----\n5   | 6\n}'],
  },
};

describe('splitting Markdown', () => {
  for (const [name, { markdown, length, want }] of Object.entries(table)) {
    it(name, () => {
      assert.deepEqual(texts(markdown, length), want);
      assert.equal(plains(markdown, length).join('').replaceAll(/\s/g, ''), markdown.replaceAll(/\s/g, ''));
    });
  }

  it('gives each chunk the words of the source that it is made of', () => {
    assert.deepEqual(plains('# T\n\n- **one** two\n- three', 14), ['# T', '- **one** two', '- three']);
    assert.deepEqual(plains('```js\nline 1\nline 2\n```', 16), ['```js\nline 1', 'line 2\n```']);
  });

  it('cuts no letter of several parts, but a heap of accents', () => {
    const flag = '🇨🇭';
    assert.deepEqual(plains(flag.repeat(3), 5), [flag, flag, flag]);
    const heap = `a${'\u0301'.repeat(99)}`;
    assert.equal(plains(heap, 10).join(''), heap);
    assert.deepEqual(plains('🙂'.repeat(3), 5), ['🙂🙂', '🙂']);
  });

  it('counts in the unit of the platform', () => {
    const cut = (unit: 'utf16' | 'characters' | 'bytes') =>
      splitMarkdown('🙂'.repeat(6), form, { length: 12, unit }).map(({ text }) => text.length / 2);
    assert.deepEqual([cut('utf16'), cut('characters'), cut('bytes')], [[6], [6], [3, 3]]);
  });

  it('counts what goes out: the dialect, and the plain text', () => {
    assert.deepEqual(texts('**a** **b** **c**', 12), ['{b a} {b b}', '{b c}']);
    const longer = inDialect({ ...dialect, plain: (source) => source.replaceAll('a', 'AAAA') });
    assert.deepEqual(splitMarkdown('aa aa aa', longer, { length: 17, unit: 'utf16' }).length, 2);
  });

  it('gives up the meaning where there is no room for it', () => {
    const deep = `${'> '.repeat(3)}${'- '.repeat(6)}word`;
    assert.equal(plains(deep, 8).join('').replaceAll(' ', ''), deep.replaceAll(' ', ''));
    for (const text of texts(deep, 8)) assert.ok(text.length <= 8);
  });

  for (const evil of [
    '*a **b ',
    '> ',
    '[',
    '![a](',
    '_a',
    '`a ``',
    '<a ',
    '| a ',
    '  - a\n',
    '&#',
    '\\',
    '~~~',
    'a.a@',
  ]) {
    it(`is not held up by ${JSON.stringify(evil)} over and over`, () => {
      const started = performance.now();
      const chunks = split(evil.repeat(5000), 4096);
      assert.ok(performance.now() - started < 5000);
      assert.ok(chunks.length > 1);
    });
  }

  it('leaves Markdown as it was written, but for a fence that is cut', () => {
    const cut = (markdown: string, length: number) =>
      splitMarkdown(markdown, asWritten, { length, unit: 'utf16' }).map(({ text }) => text);
    const whole = '# *T*\n\n* a\n* b\n\n~~~js\ncode\n~~~';
    assert.deepEqual(cut(whole, 100), [whole]);
    assert.deepEqual(cut('~~~~js\nline 1\nline 2\n~~~~', 20), ['~~~~js\nline 1\n~~~~', '~~~~js\nline 2\n~~~~']);
    assert.deepEqual(cut('> ```\n> line 1\n> line 2\n> ```', 24), [
      '> ```\n> line 1\n>\n> ```',
      '> ```\n> line 2\n> ```',
    ]);
  });
});
