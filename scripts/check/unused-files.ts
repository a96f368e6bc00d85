import { glob, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { parse } from 'yaml';
import type { Outcome } from './command.ts';

const entries = /^(openapi\/(v\d+\/openapi|compat\/[^/]+|schemas\/Config)|asyncapi\/v\d+\/asyncapi)\.yaml$/;

/** Whether every file of the specs is reached from a document: one that is not says things that hold nowhere. */
export async function unusedFiles(root: string): Promise<Outcome> {
  const files = new Map<string, string[]>();
  for await (const file of glob('{openapi,asyncapi}/**/*.yaml', { cwd: root })) {
    const name = file.replaceAll('\\', '/');
    const references = collect(parse(await readFile(join(root, file), 'utf8')));
    files.set(
      name,
      references.map((reference) => normalize(join(dirname(name), reference)).replaceAll('\\', '/')),
    );
  }
  const reached = new Set<string>();
  const reach = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const next of files.get(file) ?? []) reach(next);
  };
  for (const file of files.keys()) if (entries.test(file)) reach(file);
  const unused = [...files.keys()].filter((file) => !reached.has(file)).sort();
  return { ok: unused.length === 0, output: unused.map((file) => `${file} is used nowhere\n`).join('') };
}

function collect(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? (value.$ref.split('#')[0] ?? '') : '';
  return [...(own ? [own] : []), ...Object.values(value).flatMap(collect)];
}
