import type { Chunk } from '../../core/ports/channel.ts';
import { type Dialect, inDialect } from '../wire/render-tree.ts';
import { splitMarkdown } from '../wire/split.ts';
import { manifest } from './manifest.ts';

/**
 * Slack's mrkdwn. Everything that Slack reads as a command, mass mentions above all, begins with `<`: escaping that is all
 * that is needed, in the plain text too.
 */
const dialect: Dialect = {
  text: escapeText,
  strong: (inner) => `*${inner}*`,
  emphasis: (inner) => `_${inner}_`,
  strike: (inner) => `~${inner}~`,
  code: (text) => (text.includes('`') ? escapeText(text) : `\`${escapeControls(text)}\``),
  link: (label, href) => `<${escapeControls(href).replaceAll('|', '%7C')}|${label}>`,
  heading: (inner) => (inner === '' ? '' : `*${inner}*`),
  codeBlock: (text) => `\`\`\`\n${escapeControls(text).replaceAll(/``(?=`)/g, '``\u200b')}\n\`\`\``,
  quote: (inner) => inner.replaceAll(/^/gm, '> '),
  plain: escapeControls,
};

const form = inDialect(dialect);

export function render(markdown: string): Chunk[] {
  return splitMarkdown(markdown, form, manifest.textLimit);
}

/** There is no escape for a backtick. Kept apart, three of them at least begin no code that never ends. */
function escapeText(text: string): string {
  return escapeControls(text).replaceAll('`', '`\u200b');
}

function escapeControls(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
