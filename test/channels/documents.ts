import fc from 'fast-check';

/**
 * Markdown that means something: every word is another, `w` and its number, in the order of the text. No tables, whose
 * header is said again in each message.
 */
export function document({ sentences }: { sentences: number }): fc.Arbitrary<string> {
  const block = fc.record({
    kind: fc.constantFrom('text', 'heading', 'bullets', 'numbers', 'quote', 'code', 'nested', 'quoted code'),
    lines: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }),
    style: fc.constantFrom('', '**', '*', '~~', '`', 'link', 'all'),
  });
  return fc.array(block, { minLength: sentences / 20, maxLength: sentences / 4 }).map((blocks) => {
    let count = 0;
    const words = (length: number) =>
      Array.from({ length }, () => {
        count += 1;
        return `w${count}`;
      }).join(' ');
    return blocks.map(({ kind, lines, style }) => write(kind, lines, style, words)).join('\n\n');
  });
}

function write(kind: string, lines: number[], style: string, words: (length: number) => string): string {
  const styled = (length: number) => {
    if (style === 'link') return `[${words(length)}](https://example.org/x)`;
    if (style === 'all')
      return `${words(2)} **${words(2)} *${words(length)}* ${words(1)}** ~~${words(1)}~~ \`${words(1)}\``;
    return style + words(length) + style;
  };
  switch (kind) {
    case 'heading':
      return `## ${styled(3)}`;
    case 'bullets':
      return lines.map((length) => `- ${styled(length)}`).join('\n');
    case 'numbers':
      return lines.map((length, index) => `${index + 1}. ${styled(length)}`).join('\n');
    case 'quote':
      return lines.map((length) => `> ${styled(length)}`).join('\n');
    case 'nested':
      return lines.map((length) => `- ${styled(length)}\n  - ${styled(2)}\n\n    ${styled(length)}`).join('\n');
    case 'code':
      return `\`\`\`ts\n${lines.map(words).join('\n')}\n\`\`\``;
    case 'quoted code':
      return `> ${words(1)}\n>\n> ~~~\n${lines.map((length) => `> ${words(length)}`).join('\n')}\n> ~~~`;
    default:
      return lines.map((length) => `${styled(length)}.`).join(' ');
  }
}

const pieces = [
  ...[
    '*',
    '**',
    '_',
    '`',
    '``',
    '```',
    '```js\n',
    '~~',
    '~~~',
    '> ',
    '- ',
    '1. ',
    '\n',
    '\n\n',
    '    ',
    '\t',
    '# ',
    '---',
    '|',
  ],
  ...[
    '[x](http://a.b/c)',
    '[',
    '](',
    '![i](http://q.w)',
    '<b>',
    '<br>',
    '&amp;',
    '&',
    '\\',
    '- [ ] t',
    '[r]: http://x.y\n',
  ],
  ...[
    '| a | b |\n|--|--|\n| 1 | 2 |\n',
    'http://x.y/z_w',
    '<!channel>',
    '@everyone',
    '👩‍👩‍👧‍👦',
    'é̂',
    '你好。',
    '\r\n',
    '\0',
    '\ud83d',
    '  \n',
  ],
];

/** Markdown that means nothing, made of everything that means something. */
export function hostile({ pieces: most }: { pieces: number }): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(...pieces),
    fc.string({ maxLength: 30 }),
    fc.constantFrom('some words here ', 'word'),
  );
  return fc.array(piece, { maxLength: most, size: 'max' }).map((list) => list.join(''));
}
