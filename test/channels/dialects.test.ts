/** One Markdown, and what each platform is given of it. */
import assert from 'node:assert/strict';
import { render as toDiscord } from '../../src/channels/discord/render.ts';
import { render as toSlack } from '../../src/channels/slack/render.ts';
import { render as toTelegram } from '../../src/channels/telegram/render.ts';
import { render as toWebhook } from '../../src/channels/webhook/render.ts';

interface Row {
  markdown: string;
  telegram: string;
  discord: string;
  slack: string;
}

const table: Record<string, Row> = {
  'plain words': {
    markdown: 'Hello, 世界.',
    telegram: 'Hello, 世界.',
    discord: 'Hello, 世界.',
    slack: 'Hello, 世界.',
  },
  'signs that mean something somewhere': {
    markdown: '1 < 2 & "3" > 0 \\* snake_case \\_x\\_ \\# &copy; &amp; &#x41;',
    telegram: '1 &lt; 2 &amp; &quot;3&quot; &gt; 0 * snake_case _x_ # &amp;copy; &amp; A',
    discord: '1 < 2 & "3" > 0 \\* snake_case \\_x\\_ # &copy; & A',
    slack: '1 &lt; 2 &amp; "3" &gt; 0 * snake_case _x_ # &amp;copy; &amp; A',
  },
  'what would begin a block': {
    markdown: '\\# no heading\n\\> no quote\n\\- no list\n2\\. no number',
    telegram: '# no heading\n&gt; no quote\n- no list\n2. no number',
    discord: '\\# no heading\n\\> no quote\n\\- no list\n2. no number',
    slack: '# no heading\n&gt; no quote\n- no list\n2. no number',
  },
  styles: {
    markdown: '**b** __b__ *i* _i_ ~~s~~ `c < d` ***bi***',
    telegram: '<b>b</b> <b>b</b> <i>i</i> <i>i</i> <s>s</s> <code>c &lt; d</code> <i><b>bi</b></i>',
    discord: '**b** **b** *i* *i* ~~s~~ `c < d` ***bi***',
    slack: '*b* *b* _i_ _i_ ~s~ `c &lt; d` _*bi*_',
  },
  'a style in itself': {
    markdown: '**a **b** c** *x _y_ z*',
    telegram: '<b>a b c</b> <i>x y z</i>',
    discord: '**a b c** *x y z*',
    slack: '*a b c* _x y z_',
  },
  headings: {
    markdown: '# One **bold**\n\n## Two\n\n#### Four\n\nFive\n---',
    telegram: '<b>One bold</b>\n\n<b>Two</b>\n\n<b>Four</b>\n\n<b>Five</b>',
    discord: '# One bold\n\n## Two\n\n**Four**\n\n## Five',
    slack: '*One bold*\n\n*Two*\n\n*Four*\n\n*Five*',
  },
  links: {
    markdown: '[a *b*](https://x.org/?a=1&b="2") <https://y.org> https://z.org/a_b_c m@x.org',
    telegram:
      '<a href="https://x.org/?a=1&amp;b=&quot;2&quot;">a <i>b</i></a> <a href="https://y.org">https://y.org</a> <a href="https://z.org/a_b_c">https://z.org/a_b_c</a> <a href="mailto:m@x.org">m@x.org</a>',
    discord: '[a *b*](https://x.org/?a=1&b="2") https://y.org https://z.org/a_b_c [m@x.org](mailto:m@x.org)',
    slack:
      '<https://x.org/?a=1&amp;b="2"|a _b_> <https://y.org|https://y.org> <https://z.org/a_b_c|https://z.org/a_b_c> <mailto:m@x.org|m@x.org>',
  },
  'links that lead nowhere, or where nobody should go': {
    markdown: '[a](javascript:alert) [b](#c) [d](file:///etc/passwd) [e](data:text/html,x)',
    telegram: '[a](javascript:alert) [b](#c) [d](file:///etc/passwd) [e](data:text/html,x)',
    discord: '\\[a\\](javascript:alert) \\[b\\](#c) \\[d\\](file:///etc/passwd) \\[e\\](data:text/html,x)',
    slack: '[a](javascript:alert) [b](#c) [d](file:///etc/passwd) [e](data:text/html,x)',
  },
  'links that would break out': {
    markdown: '[a|b](https://x.org/a|b) [](https://x.org/) ![an image](https://x.org/i.png) [x](<https://x.org/a(b)`>)',
    telegram:
      '<a href="https://x.org/a|b">a|b</a> <a href="https://x.org/">https://x.org/</a> <a href="https://x.org/i.png">an image</a> <a href="https://x.org/a(b)%60">x</a>',
    discord: '[a\\|b](https://x.org/a|b) https://x.org/ [an image](https://x.org/i.png) [x](https://x.org/a%28b%29%60)',
    slack:
      '<https://x.org/a%7Cb|a|b> <https://x.org/|https://x.org/> <https://x.org/i.png|an image> <https://x.org/a(b)%60|x>',
  },
  references: {
    markdown: 'See [it][1].\n\n[1]: https://x.org/',
    telegram: 'See <a href="https://x.org/">it</a>.\n\n[1]: https://x.org/',
    discord: 'See [it](https://x.org/).\n\n\\[1\\]: https://x.org/',
    slack: 'See <https://x.org/|it>.\n\n[1]: https://x.org/',
  },
  code: {
    markdown: '```ts a title\nif (a < b) {\n\n  c &= "d";\n}\n```',
    telegram: '<pre><code class="language-ts">if (a &lt; b) {\n\n  c &amp;= &quot;d&quot;;\n}</code></pre>',
    discord: '```ts\nif (a < b) {\n\n  c &= "d";\n}\n```',
    slack: '```\nif (a &lt; b) {\n\n  c &amp;= "d";\n}\n```',
  },
  'code that was only indented': {
    markdown: 'So:\n\n    a\n      b',
    telegram: 'So:\n\n<pre>a\n  b</pre>',
    discord: 'So:\n\n```\na\n  b\n```',
    slack: 'So:\n\n```\na\n  b\n```',
  },
  'fences inside code': {
    markdown: '`````md\n```\n````\n`````\n``a`b``',
    telegram: '<pre><code class="language-md">```\n````</code></pre>\n\n<code>a`b</code>',
    discord: '```md\n``\u200b`\n``\u200b``\n```\n\n`` a`b ``',
    slack: '```\n``\u200b`\n``\u200b``\n```\n\na`\u200bb',
  },
  'code that does not end': {
    markdown: 'Look:\n```js\nlet a',
    telegram: 'Look:\n\n<pre><code class="language-js">let a</code></pre>',
    discord: 'Look:\n\n```js\nlet a\n```',
    slack: 'Look:\n\n```\nlet a\n```',
  },
  lists: {
    markdown: '- one\n  more\n- two\n  1. x\n  2. y\n\n3. three\n4. four',
    telegram: '• one\n  more\n• two\n  1. x\n  2. y\n\n3. three\n4. four',
    discord: '• one\n  more\n• two\n  1. x\n  2. y\n\n3. three\n4. four',
    slack: '• one\n  more\n• two\n  1. x\n  2. y\n\n3. three\n4. four',
  },
  'tasks, and code in a list': {
    markdown: '- [ ] to do\n- [x] done\n  ```\n  code\n  ```\n- ```\n  first\n  ```',
    telegram: '☐ to do\n☑ done\n<pre>code</pre>\n• \n<pre>first</pre>',
    discord: '☐ to do\n☑ done\n```\ncode\n```\n• \n```\nfirst\n```',
    slack: '☐ to do\n☑ done\n```\ncode\n```\n• \n```\nfirst\n```',
  },
  quotes: {
    markdown: '> a\n> **b**\n>\n> > c\n\nd',
    telegram: '<blockquote>a\n<b>b</b>\n\nc</blockquote>\n\nd',
    discord: '> a\n> **b**\n> \n> c\n\nd',
    slack: '> a\n> *b*\n> \n> c\n\nd',
  },
  tables: {
    markdown: '| Name | Sum |\n|---|--:|\n| **Ann** | 1 |\n| 世界 | [x](https://x.org) |',
    telegram:
      '<pre>Name |               Sum\n-----+------------------\nAnn  |                 1\n世界 | x (https://x.org)</pre>',
    discord:
      '```\nName |               Sum\n-----+------------------\nAnn  |                 1\n世界 | x (https://x.org)\n```',
    slack:
      '```\nName |               Sum\n-----+------------------\nAnn  |                 1\n世界 | x (https://x.org)\n```',
  },
  "HTML, which is nobody's": {
    markdown: '<b>x</b><br>y\n\n<script>\nalert(1)\n</script>',
    telegram: '&lt;b&gt;x&lt;/b&gt;\ny\n\n&lt;script&gt;\nalert(1)\n&lt;/script&gt;',
    discord: '<b>x</b>\ny\n\n<script>\nalert(1)\n</script>',
    slack: '&lt;b&gt;x&lt;/b&gt;\ny\n\n&lt;script&gt;\nalert(1)\n&lt;/script&gt;',
  },
  'a rule and line ends': {
    markdown: 'a  \nb\\\nc\r\nd\n\n***\n\ne',
    telegram: 'a\nb\nc\nd\n\n⸻\n\ne',
    discord: 'a\nb\nc\nd\n\n⸻\n\ne',
    slack: 'a\nb\nc\nd\n\n⸻\n\ne',
  },
};

describe('one Markdown in four dialects', () => {
  for (const [name, { markdown, telegram, discord, slack }] of Object.entries(table)) {
    it(name, () => {
      const textOf = (chunks: { text: string }[]) => chunks.map(({ text }) => text).join('\n=====\n');
      assert.equal(textOf(toTelegram(markdown)), telegram);
      assert.equal(textOf(toDiscord(markdown)), discord);
      assert.equal(textOf(toSlack(markdown)), slack);
      const written = textOf(toWebhook(markdown));
      assert.ok(written.startsWith(markdown.replaceAll('\r\n', '\n')), written);
    });
  }
});
