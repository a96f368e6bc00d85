/** The config file's schema: as code that checks, and as JSON for editors and for explaining a fault. */
import { compileSet, writeModule } from './compile-validators.ts';
import type { SchemaObject } from './documents.ts';
import { header } from './print.ts';

export function configFiles(schema: SchemaObject): Record<string, string> {
  const { $schema: dialect, ...rest } = schema;
  const set = compileSet({ name: 'validators', schemas: {}, wanted: [rest], ajv: { allErrors: true } });
  return {
    'config.schema.json': `${JSON.stringify({ $schema: dialect, ...rest }, null, 2)}\n`,
    'validators/config.js': writeModule([set], { config: set.reference(rest) }),
    'validators/config.d.ts': `${header}import type { Validate } from './validate.ts';

/** Finds every fault, and changes nothing. */
export const config: Validate;
`,
  };
}
