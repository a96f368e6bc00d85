import { readFile } from 'node:fs/promises';
import { type ApiVersion, apiVersions } from '../../generated/operations.ts';
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
    specification: (kind, format, version) => read(`specs/${kind}.${known(version)}.${format}`),
    page: (kind, version) => read(`docs/${kind}.${known(version)}.html`),
    changelog: () => read('docs/changelog.html'),
    script: () => read('docs/redoc.standalone.js'),
    configSchema: () => read('config.schema.json'),
  };
}

/** The newest version when none is named. Only a known one becomes part of a file's name. */
function known(version: string | undefined): ApiVersion {
  const newest = apiVersions.at(-1)?.date ?? '';
  return knownVersion(version ?? newest);
}
