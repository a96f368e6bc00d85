import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { render } from '../generate/render.ts';
import { listFiles } from '../generate/write.ts';
import type { Outcome } from './command.ts';

/** Whether `generated/` is what the contract gives. Rendered in memory, so that nothing is written by a check. */
export async function inStep(root: string, folder: string = join(root, 'generated')): Promise<Outcome> {
  const files = await render(root);
  const present = await listFiles(folder);
  const problems = present.filter((name) => !(name in files)).map((name) => `${name} is no longer generated`);
  for (const [name, text] of Object.entries(files)) {
    if (!present.includes(name)) problems.push(`${name} is missing`);
    else if ((await readFile(join(folder, name), 'utf8')) !== text) problems.push(`${name} differs`);
  }
  return { ok: problems.length === 0, output: `${problems.sort().join('\n')}\nRun \`npm run generate\`.\n` };
}
