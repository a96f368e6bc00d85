/**
 * `npm run check`: everything that has to hold before a change is let in, here and in CI alike. `--fast` leaves out the
 * tests. Steps that do not need one another run side by side, the tests alone and last.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Outcome, runTool } from './check/command.ts';
import { inStep } from './check/in-step.ts';
import { released } from './check/released.ts';
import { unusedFiles } from './check/unused-files.ts';

interface Step {
  name: string;
  run: () => Promise<Outcome>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { fast: { type: 'boolean', default: false } } });

const lanes: Step[][] = [
  [
    { name: 'generated files are in step', run: () => inStep(root) },
    { name: 'released contract holds', run: () => released(root) },
    { name: 'format and lint', run: () => runTool(root, '@biomejs/biome/bin/biome', ['check', '.']) },
  ],
  [
    { name: 'specs', run: () => runTool(root, '@redocly/cli/bin/cli.js', ['lint', '--format', 'stylish']) },
    { name: 'spec files are all used', run: () => unusedFiles(root) },
    { name: 'types', run: () => runTool(root, 'typescript/bin/tsc', ['-p', '.', '--noEmit', '--pretty']) },
  ],
];
const tests: Step = { name: 'tests', run: () => runTool(root, 'mocha/bin/mocha.js', ['test/**/*.test.ts']) };

const started = performance.now();
const failed: string[] = [];
await Promise.all(lanes.map(runInOrder));
if (!values.fast) await runInOrder([tests]);
const count = lanes.flat().length + (values.fast ? 0 : 1);
process.stdout.write(
  failed.length === 0
    ? `All ${count} steps hold, in ${secondsSince(started)}.\n`
    : `${failed.length} of ${count} steps failed: ${failed.join(', ')}.\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

async function runInOrder(steps: Step[]): Promise<void> {
  for (const { name, run } of steps) {
    const begun = performance.now();
    const { ok, output } = await run().catch((error: unknown) => ({ ok: false, output: `${String(error)}\n` }));
    process.stdout.write(`${ok ? '✓' : '✗'} ${name.padEnd(28)} ${secondsSince(begun)}\n${ok ? '' : output}`);
    if (!ok) failed.push(name);
  }
}

function secondsSince(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
