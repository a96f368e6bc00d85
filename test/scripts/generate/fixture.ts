/** The fixture contract, rendered once for all suites, and written where its modules can be imported from. */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Files, render } from '../../../scripts/generate/render.ts';
import { writeFiles } from '../../../scripts/generate/write.ts';

export const fixtureRoot = fileURLToPath(new URL('../fixtures/contract', import.meta.url));

let rendered: Promise<Files> | undefined;

export function renderFixture(): Promise<Files> {
  rendered ??= render(fixtureRoot);
  return rendered;
}

/** Its modules import Ajv's runtime, which has to be found from the folder. */
export async function writeFixture(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-generated-'));
  await writeFiles(await renderFixture(), folder);
  const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
  await symlink(modules, join(folder, 'node_modules'), 'junction');
  return { folder, remove: () => rm(folder, { recursive: true }) };
}
