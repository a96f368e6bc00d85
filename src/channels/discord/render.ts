import type { Chunk } from '../../core/ports/channel.ts';
import { type Dialect, inDialect } from '../wire/render-tree.ts';
import { splitMarkdown } from '../wire/split.ts';
import { manifest } from './manifest.ts';

/** Discord's Markdown: three sizes of headings, no tables, no images, and a fence that nothing can stand in for. */
const dialect: Dialect = {
  text: escapeMarks,
  strong: (inner) => `**${inner}**`,
  emphasis: (inner) => `*${inner}*`,
  strike: (inner) => `~~${inner}~~`,
  code: (text) => (text.includes('`') ? `\`\` ${text.replaceAll(/`(?=`)/g, '`\u200b')} \`\`` : `\`${text}\``),
  link: (label, href) => (label === escapeMarks(href, false) ? href : `[${label}](${escapeAddress(href)})`),
  heading: (inner, depth) => (inner === '' ? '' : depth <= 3 ? `${'#'.repeat(depth)} ${inner}` : `**${inner}**`),
  codeBlock: (text, language) => `\`\`\`${language}\n${text.replaceAll(/``(?=`)/g, '``\u200b')}\n\`\`\``,
  quote: (inner) => inner.replaceAll(/^/gm, '> '),
  plain: (source) => source,
};

const form = inDialect(dialect);

export function render(markdown: string): Chunk[] {
  return splitMarkdown(markdown, form, manifest.textLimit);
}

/** An underscore between letters means nothing; what would begin a heading, a quotation or a list does so only in front. */
function escapeMarks(text: string, beginsLine: boolean): string {
  const escaped = text.replaceAll(/[\\`*~|[\]]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&');
  return beginsLine ? escaped.replace(/^\s*(?=[#>+-])/, '$&\\') : escaped;
}

function escapeAddress(href: string): string {
  return href.replaceAll('(', '%28').replaceAll(')', '%29');
}
