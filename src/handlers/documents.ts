import { readFile } from 'node:fs/promises';
import { apiVersions, type DocumentName, foreignNames } from '../../generated/operations.ts';
import { knownVersion } from './known-version.ts';

/** The contract as files for programs and people. Read when somebody asks, kept from then on. */
export interface Documents {
  specification(kind: 'openapi' | 'asyncapi', format: 'json' | 'yaml', version: string | undefined): Promise<string>;
  page(kind: 'openapi' | 'asyncapi', version: string | undefined): Promise<string>;
  changelog(): Promise<string>;
  script(): Promise<string>;
  configSchema(): Promise<string>;
}

export function createDocuments(): Documents {
  const held = new Map<string, Promise<string>>();

  function read(name: string): Promise<string> {
    const known = held.get(name);
    if (known) return known;
    const text = readFile(new URL(`../../generated/${name}`, import.meta.url), 'utf8');
    held.set(name, text);
    text.catch(() => held.delete(name));
    return text;
  }

  return {
    specification: (kind, format, version) => read(`specs/${kind}.${known(kind, version)}.${format}`),
    page: (kind, version) => read(`docs/${kind}.${known(kind, version)}.html`),
    changelog: () => read('docs/changelog.html'),
    script: () => read('docs/redoc.standalone.js'),
    configSchema: () => read('config.schema.json'),
  };
}

/** The newest version when none is named. Only a known name becomes part of a file's. */
function known(kind: 'openapi' | 'asyncapi', name: string | undefined): DocumentName {
  // Foreign shapes have no frames.
  const foreign = kind === 'openapi' ? foreignNames.find((known) => known === name) : undefined;
  return foreign ?? knownVersion(name ?? apiVersions.at(-1)?.date ?? '');
}
