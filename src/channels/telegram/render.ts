import type { Chunk } from '../../core/ports/channel.ts';
import { type Dialect, inDialect } from '../wire/render-tree.ts';
import { splitMarkdown } from '../wire/split.ts';
import { manifest } from './manifest.ts';

/** Telegram's HTML: four characters to escape, where its Markdown has eighteen that no model gets right. */
const dialect: Dialect = {
  text: escapeHtml,
  strong: (inner) => `<b>${inner}</b>`,
  emphasis: (inner) => `<i>${inner}</i>`,
  strike: (inner) => `<s>${inner}</s>`,
  code: (text) => `<code>${escapeHtml(text)}</code>`,
  link: (label, href) => `<a href="${escapeHtml(href)}">${label}</a>`,
  heading: (inner) => (inner === '' ? '' : `<b>${inner}</b>`),
  codeBlock(text, language) {
    const code = escapeHtml(text);
    return language === '' ? `<pre>${code}</pre>` : `<pre><code class="language-${language}">${code}</code></pre>`;
  },
  quote: (inner) => `<blockquote>${inner}</blockquote>`,
  plain: (source) => source,
};

const form = inDialect(dialect);

export function render(markdown: string): Chunk[] {
  return splitMarkdown(markdown, form, manifest.textLimit);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
