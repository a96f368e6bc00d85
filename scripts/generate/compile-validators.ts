/**
 * Compiles schemas to plain code with Ajv, so that the gateway starts without a compiler. Several sets with different
 * settings can stand in one module, since each is a function's scope: `const bodies = (() => { … return { … }; })();`.
 */
import type { Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import type { Schema } from './documents.ts';
import { prepareSchema } from './prepare-schema.ts';
import { header, printName } from './print.ts';

export interface CompiledSet {
  imports: string[];
  /** `const <name> = (() => { … })();` */
  code: string;
  /** The expression that gives the validator of a schema, as in `bodies.v3`. */
  reference: (schema: Schema) => string;
}

export interface SetOptions {
  name: string;
  schemas: Record<string, Schema>;
  /** What validators are wanted of. Equal schemas share one. */
  wanted: Schema[];
  ajv?: Options;
}

export function compileSet({ name, schemas, wanted, ajv: options = {} }: SetOptions): CompiledSet {
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    discriminator: true,
    inlineRefs: false,
    ...options,
    code: { source: true, esm: true, lines: true, optimize: 2 },
  });
  addFormats.default(ajv);
  for (const [key, schema] of Object.entries(schemas)) ajv.addSchema(prepareSchema(schema, schemas), key);
  const exported = new Map<string, string>();
  const keys: Record<string, string> = {};
  for (const schema of wanted) {
    const text = JSON.stringify(schema);
    if (exported.has(text)) continue;
    const variable = `v${exported.size}`;
    exported.set(text, variable);
    keys[variable] = addSchema(ajv, schema, schemas, variable);
  }
  const { imports, code } = asFunction(standalone.default(ajv, keys));
  return {
    imports,
    code: `const ${name} = (() => {\n${code}return { ${[...exported.values()].join(', ')} };\n})();\n`,
    reference: (schema) => {
      const variable = exported.get(JSON.stringify(schema));
      if (!variable) throw new Error(`No validator was wanted of ${JSON.stringify(schema)}.`);
      return `${name}.${variable}`;
    },
  };
}

/** The key it is known by; a mere reference needs no validator beside its component's. */
function addSchema(ajv: Ajv2020, schema: Schema, schemas: Record<string, Schema>, key: string): string {
  const prepared = prepareSchema(schema, schemas);
  if (typeof prepared === 'object' && prepared.$ref && Object.keys(prepared).length === 1) return prepared.$ref;
  ajv.addSchema(prepared, key);
  return key;
}

/**
 * Even when told to write an ES module, Ajv leaves `require` calls for its runtime and the formats; an ES module has no
 * `require`, so that the first use of one would throw.
 */
function asFunction(module: string): { imports: string[]; code: string } {
  const imports = new Map<string, string>();
  const code = withQuickLengths(withoutUnusedSchemas(module))
    .replace('"use strict";', '')
    .replaceAll(/^export default .*\n?/gm, '')
    .replaceAll(/export const /g, 'const ')
    .replaceAll(/require\("([^"]+)"\)/g, (_, path: string) => {
      const name = importName(path);
      imports.set(name, `import ${name} from '${path}.js';`);
      return name;
    });
  return { imports: [...imports.values()], code: `${code.trim()}\n` };
}

/** Ajv writes down every schema that it compiled, whether or not its code reads it. */
function withoutUnusedSchemas(module: string): string {
  return module.replaceAll(/^const (schema\d+) = .*;\n/gm, (line, name: string) =>
    module.split(new RegExp(`\\b${name}\\b`)).length > 2 ? line : '',
  );
}

/**
 * JSON Schema counts code points, and Ajv walks through the whole text to count them, 4 MB of an image included. There
 * are never more of them than UTF-16 units, which the text knows without looking, nor fewer than half as many.
 */
function withQuickLengths(module: string): string {
  const count = /const (func\d+) = require\("ajv\/dist\/runtime\/ucs2length"\)/.exec(module)?.[1];
  if (!count) return module;
  return module
    .replaceAll(new RegExp(`${count}\\((\\w+)\\) > (\\d+)`, 'g'), `$1.length > $2 && ${count}($1) > $2`)
    .replaceAll(
      new RegExp(`${count}\\((\\w+)\\) < (\\d+)`, 'g'),
      (_, text, least) => `${text}.length < ${Number(least) * 2} && ${count}(${text}) < ${least}`,
    );
}

function importName(path: string): string {
  return path.replaceAll(/[^a-zA-Z0-9]+(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The leaves of a table are expressions, such as a set's references. */
type Table = string | { [name: string]: Table };

export function writeModule(sets: CompiledSet[], tables: Record<string, Table>): string {
  const imports = [...new Set(sets.flatMap((set) => set.imports))].sort();
  const exports = Object.entries(tables).map(([name, table]) => `export const ${name} = ${printReferences(table)};\n`);
  return [header, ...imports.map((line) => `${line}\n`), '\n', ...sets.map((set) => set.code), '\n', ...exports].join(
    '',
  );
}

function printReferences(table: Table, indent = ''): string {
  if (typeof table === 'string') return table;
  const lines = Object.entries(table).map(([name, below]) => {
    return `${indent}  ${printName(name)}: ${printReferences(below, `${indent}  `)},\n`;
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`;
}
