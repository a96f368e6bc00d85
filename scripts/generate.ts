/**
 * `npm run generate`: writes `generated/` from the contract. `--out <folder>` writes elsewhere, `--root <folder>` reads a
 * contract that stands elsewhere.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Files, render } from './generate/render.ts';

const here = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { out: { type: 'string' }, root: { type: 'string', default: here } } });
const out = resolve(values.out ?? join(values.root, 'generated'));
const started = performance.now();
const files = await render(resolve(values.root));
const changed = await write(files, out);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
process.stdout.write(`${Object.keys(files).length} files generated, ${changed} changed, in ${seconds} s\n`);

async function write(files: Files, folder: string): Promise<number> {
  let changed = 0;
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    if ((await readFile(path, 'utf8').catch(() => undefined)) === text) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    changed += 1;
  }
  return changed + (await removeStale(files, folder));
}

/** What a contract no longer has would otherwise stay, and still be imported. */
async function removeStale(files: Files, folder: string): Promise<number> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const stale = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !(path.slice(folder.length + 1).replaceAll('\\', '/') in files));
  await Promise.all(stale.map((path) => rm(path)));
  return stale.length;
}
