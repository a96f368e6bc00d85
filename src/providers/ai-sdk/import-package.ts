import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the package exports, as a file in the first folder that finds it would see it; undefined when none does. */
export async function importPackage(
  specifier: string,
  folders: readonly string[],
): Promise<Readonly<Record<string, unknown>> | undefined> {
  for (const folder of folders) {
    try {
      return await importFrom(folder, specifier);
    } catch (thrown) {
      if (!isMissing(thrown, specifier)) throw thrown;
    }
  }
  return undefined;
}

/** The import of a name is resolved from the importing file, so that for once the resolver is told of another one. */
async function importFrom(folder: string, specifier: string): Promise<Readonly<Record<string, unknown>>> {
  const parentURL = pathToFileURL(join(folder, 'gateway.json5')).href;
  const marked = `package-of-a-provider:${specifier}`;
  const hooks = registerHooks({
    resolve: (wanted, context, next) =>
      wanted === marked ? next(specifier, { ...context, parentURL }) : next(wanted, context),
  });
  try {
    return await import(marked);
  } finally {
    hooks.deregister();
  }
}

/** It is not there, and not: it is there and misses something itself. */
function isMissing(thrown: unknown, specifier: string): boolean {
  if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND')) return false;
  return thrown.message.startsWith(`Cannot find package '${packageNameOf(specifier)}'`);
}

/** Without what stands behind it: `@ai-sdk/google-vertex/anthropic` is a part of `@ai-sdk/google-vertex`. */
export function packageNameOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
