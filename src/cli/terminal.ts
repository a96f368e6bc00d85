/** Data goes to stdout, everything else to stderr, so that commands can be put together. */
import { styleText } from 'node:util';
import { readColor } from '../config/index.ts';

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** For people, beside the data. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

type Style = Parameters<typeof styleText>[0];

/** Styled when stdout is a terminal that has not asked for plain text. */
export function style(format: Style, text: string): string {
  return process.stdout.isTTY && readColor() ? styleText(format, text, { validateStream: false }) : text;
}

/** Columns as wide as their widest cell; the last one runs free. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === head.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ');
  return [style('dim', line(head)), ...rows.map(line)].join('\n');
}

/** A reader who has seen enough (`gateway keys list | head`) is no failure. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
