/**
 * Turns the many files under `openapi/` and `asyncapi/` into one document each, and pairs them by version. All of them go
 * through one run of the bundler: its start costs more than its work.
 */
import { execFile } from 'node:child_process';
import { glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import type { AsyncApi, OpenApi, Schema, SchemaObject } from './documents.ts';

/** One version of the API, or (with no frames of its own) one foreign shape that is served beside it. */
export interface ApiDocument {
  /** The date of a version, or the name of a foreign shape. It names the generated files. */
  name: string;
  /** `v1`, as in `/api/v1`; absent for a foreign shape, whose paths are its own. */
  family?: string;
  openapi: OpenApi;
  asyncapi?: AsyncApi;
}

export interface Contract {
  /** Oldest first, foreign shapes last. */
  documents: ApiDocument[];
  config: SchemaObject;
}

const run = promisify(execFile);
const redocly = join(dirname(createRequire(import.meta.url).resolve('@redocly/cli/package.json')), 'bin/cli.js');

export async function readContract(root: string): Promise<Contract> {
  const bundles = await bundle(root, await specFiles(root));
  const openapis: OpenApi[] = [];
  const foreign: ApiDocument[] = [];
  const asyncapis = new Map<string, AsyncApi>();
  for (const [file, text] of bundles) {
    if (file.startsWith('asyncapi/')) {
      const asyncapi: AsyncApi = JSON.parse(text);
      asyncapis.set(asyncapi.info.version, asyncapi);
    } else if (file.startsWith('openapi/compat/')) {
      foreign.push(foreignDocument(basename(file, '.yaml'), JSON.parse(text)));
    } else {
      openapis.push(JSON.parse(text));
    }
  }
  const versions = openapis.map((openapi) => pair(openapi, asyncapis));
  const byName = (a: ApiDocument, b: ApiDocument) => (a.name < b.name ? -1 : 1);
  return {
    documents: [...versions.sort(byName), ...foreign.sort(byName)],
    config: parse(await readFile(join(root, 'openapi/schemas/Config.yaml'), 'utf8')),
  };
}

async function specFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  const patterns = ['openapi/*/openapi.yaml', 'openapi/compat/*.yaml', 'asyncapi/*/asyncapi.yaml'];
  for await (const file of glob(patterns, { cwd: root })) files.push(file.replaceAll('\\', '/'));
  return files.sort();
}

/** Keyed by source file. The bundler names its outputs by basename unless a configuration tells it otherwise. */
async function bundle(root: string, files: string[]): Promise<Map<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-generate-'));
  try {
    const outputs = files.map((file, index) => ({ file, output: join(folder, `${index}.json`) }));
    const apis = outputs.map(({ file, output }) => [file, { root: join(root, file), output }]);
    const config = join(folder, 'redocly.yaml');
    await writeFile(config, stringify({ telemetry: 'off', apis: Object.fromEntries(apis) }));
    await run(
      process.execPath,
      [redocly, 'bundle', '--config', config, '--component-renaming-conflicts-severity', 'off'],
      {
        cwd: root,
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      },
    ).catch(({ stderr }: { stderr: string }) => {
      throw new Error(`The specs cannot be bundled.\n${stderr}`);
    });
    return new Map(
      await Promise.all(outputs.map(async ({ file, output }) => [file, await readFile(output, 'utf8')] as const)),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

function pair(openapi: OpenApi, asyncapis: Map<string, AsyncApi>): ApiDocument {
  const { version, 'x-family': family } = openapi.info;
  const asyncapi = asyncapis.get(version);
  if (!family) throw new Error(`The OpenAPI document of ${version} names no info.x-family.`);
  if (!asyncapi) throw new Error(`There is no AsyncAPI document of version ${version}.`);
  refuseTwins(`Version ${version}`, { ...openapi.components?.schemas, ...asyncapi.components?.schemas });
  return { name: version, family, openapi, asyncapi };
}

function foreignDocument(name: string, openapi: OpenApi): ApiDocument {
  refuseTwins(name, openapi.components?.schemas ?? {});
  return { name, openapi };
}

/** The bundler tells two files of one name apart by a number, which would become the name of a type. */
function refuseTwins(document: string, schemas: Record<string, Schema>): void {
  const twin = Object.keys(schemas).find((name) => /-\d+$/.test(name));
  if (twin) throw new Error(`${document} uses two files called ${twin.replace(/-\d+$/, '.yaml')}.`);
}
