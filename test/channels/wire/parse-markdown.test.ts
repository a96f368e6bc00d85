import assert from 'node:assert/strict';
import { cleanSource, parseMarkdown } from '../../../src/channels/wire/parse-markdown.ts';
import type { Block, Inline } from '../../../src/channels/wire/syntax-tree.ts';

/** Every leaf of a tree with its place in the source. */
function leavesIn(blocks: readonly Block[]): { text: string; start: number; end: number; type: string }[] {
  const inlines = (children: readonly Inline[]): ReturnType<typeof leavesIn> =>
    children.flatMap((inline) => {
      if ('children' in inline && inline.type !== 'link') return inlines(inline.children);
      if (inline.type === 'text' || inline.type === 'code') return [inline];
      return inline.type === 'link' ? [{ ...inline, text: inline.href }] : [];
    });
  return blocks.flatMap((block) => {
    switch (block.type) {
      case 'paragraph':
      case 'heading':
        return inlines(block.children);
      case 'code':
        return block.lines.map((line) => ({ ...line, type: 'line' }));
      case 'quote':
        return leavesIn(block.blocks);
      case 'list':
        return block.items.flatMap((item) => leavesIn(item.blocks));
      default:
        return [];
    }
  });
}

function depthOf(blocks: readonly Block[]): number {
  return 1 + Math.max(0, ...blocks.map((block) => (block.type === 'quote' ? depthOf(block.blocks) : 0)));
}

describe('Markdown as a tree', () => {
  for (const [what, source] of [
    ['paragraphs', 'one *two* **three *four*** `five`\nsix  \n  seven\n\neight'],
    ['headings', '## one *two* ##\n\nthree\n====='],
    ['a quotation', '> one\n> *two* three\n>\n> four\nfive'],
    ['lists', '- one\n- two\n\n  three\n  - four\n    five\n\n10. six\n11. [x] seven'],
    ['code', '```js\none\n\n  two\n```\n\n    three\n     four'],
    ['code in a list in a quotation', '> - one\n>\n>   ~~~\n>   two\n>   three\n>   ~~~\n>   four'],
  ] as const) {
    it(`knows where each word of ${what} stands`, () => {
      const leaves = leavesIn(parseMarkdown(source));
      assert.ok(leaves.length > 2);
      for (const { text, start, end } of leaves) assert.equal(source.slice(start, end), text);
    });
  }

  it('knows how far a link, an escape and a reference reach', () => {
    const source = 'a [b *c*](https://x.org "t") \\* &lt; ![i](https://y.org)';
    const marked = leavesIn(parseMarkdown(source)).filter(({ start, end, text }) => end - start !== text.length);
    assert.deepEqual(
      marked.map(({ text, start, end }) => [text, source.slice(start, end)]),
      [
        ['https://x.org', '[b *c*](https://x.org "t")'],
        ['*', '\\*'],
        ['<', '&lt;'],
        ['https://y.org', '![i](https://y.org)'],
      ],
    );
  });

  it('takes what lies too deep as words', () => {
    const blocks = parseMarkdown(`${'> '.repeat(40)}deep`);
    assert.ok(depthOf(blocks) <= 13);
    assert.match(leavesIn(blocks)[0]?.text ?? '', /^(?:> )+deep$/);
  });

  it('looks for no marks in what is no word any more', () => {
    assert.equal(leavesIn(parseMarkdown('*a*'.repeat(1000))).length, 1);
    assert.equal(leavesIn(parseMarkdown('*a* '.repeat(500))).length, 1000);
  });

  it('reads a very long paragraph piece by piece', () => {
    const source = `${'some *marked* words and a [link](https://x.org). '.repeat(800)}`;
    const links = leavesIn(parseMarkdown(source)).filter(({ type }) => type === 'link');
    // A mark that stands across two pieces is none.
    assert.ok(links.length >= 790);
    assert.ok(links.every(({ start, end }) => source.slice(start, end) === '[link](https://x.org)'));
  });

  it('removes what no platform takes', () => {
    assert.equal(cleanSource('a\r\nb\rc\0d\u001b[0m\ud83de\tf'), 'a\nb\ncd[0m\ufffde\tf');
  });
});
