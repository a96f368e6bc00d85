/**
 * Writes the table of clients into README.md as their scenarios find it now: `node scripts/record-clients.ts`. The diff is
 * what a review reads; ✗ is a cell that failed, – one that nobody tests.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Mocha from 'mocha';
import { clientMatrix } from '../test/support/client-matrix.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = join(root, 'README.md');

const mocha = new Mocha({ reporter: 'dot', timeout: 10_000 });
for (const file of globSync('test/scenarios/clients/*.test.ts', { cwd: root })) mocha.addFile(join(root, file));
await mocha.loadFilesAsync();
const failures = await new Promise<number>((resolve) => mocha.run(resolve));

const before = readFileSync(readme, 'utf8');
const table = /^\| Client +\|.*\n(?:\|.*\n)+/m;
if (!table.test(before)) throw new Error('README.md has no table that begins with Client.');
const after = before.replace(table, () => markdown(clientMatrix()));
if (after !== before) {
  writeFileSync(readme, after);
  process.stdout.write('The table of clients is written anew.\n');
}
process.exitCode = failures > 0 ? 1 : 0;

function markdown(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const [head, ...body] = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('');
}
