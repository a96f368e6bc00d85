import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** Paths of files in a folder, relative to it, with `/` between their parts. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => relative(folder, file).replaceAll('\\', '/')).sort();
}

/**
 * Makes a folder hold exactly these files and says how many had to change. What is as it should be is left untouched,
 * so that watchers sleep on; what the contract no longer has goes, or it would still be imported.
 */
export async function writeFiles(files: Record<string, string>, folder: string): Promise<number> {
  let changed = 0;
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    if ((await readFile(path, 'utf8').catch(() => undefined)) === text) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    changed += 1;
  }
  const stale = (await listFiles(folder)).filter((name) => !(name in files));
  await Promise.all(stale.map((name) => rm(join(folder, name))));
  return changed + stale.length;
}
