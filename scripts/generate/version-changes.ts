import { existsSync } from 'node:fs';
import type { ApiDocument } from './bundle.ts';
import type { VersionChange } from './changelog.ts';

/** The changes that each version's folder undoes, by its date; the newest has no folder. */
export async function versionChanges(documents: ApiDocument[]): Promise<Map<string, readonly VersionChange[]>> {
  const found = new Map<string, readonly VersionChange[]>();
  for (const { name } of documents) {
    const file = new URL(`../../src/versions/${name}/changes.ts`, import.meta.url);
    if (!existsSync(file)) continue;
    const module: { changes: readonly VersionChange[] } = await import(file.href);
    found.set(name, module.changes);
  }
  return found;
}
