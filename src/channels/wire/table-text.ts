import { type Table, wordsOf } from './syntax-tree.ts';

/** Columns as they stand in a typewriter's face, for platforms that have no tables. */
export function tableText(table: Table): string {
  const rows = [table.header, ...table.rows.map(({ cells }) => cells)].map((cells) => cells.map(wordsOf));
  const widths = table.header.map((_, column) => Math.max(3, ...rows.map((cells) => widthOf(cells[column] ?? ''))));
  const lines = rows.map((cells) =>
    widths.map((width, column) => pad(cells[column] ?? '', width, table.aligns[column] ?? null)).join(' | '),
  );
  const [header = '', ...body] = lines;
  return [header, widths.map((width) => '-'.repeat(width)).join('-+-'), ...body]
    .map((line) => line.trimEnd())
    .join('\n');
}

function pad(text: string, width: number, align: Table['aligns'][number]): string {
  const missing = width - widthOf(text);
  if (align === 'right') return ' '.repeat(missing) + text;
  const before = align === 'center' ? Math.floor(missing / 2) : 0;
  return ' '.repeat(before) + text + ' '.repeat(missing - before);
}

const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;

/** What is seen: one for a letter with its accents, two for an ideograph or an emoji. */
function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of clusters.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}
