/** The members of a request body that will be retired, by JSON pointer; `*` stands for every item of a list. */
import type { Schema } from './documents.ts';
import { findSchema } from './resolve.ts';

interface Deprecation {
  deprecated?: unknown;
  sunset?: unknown;
}

export function deprecatedMembers(
  schema: Schema | undefined,
  schemas: Record<string, Schema>,
): Record<string, Deprecation> | undefined {
  const found: Record<string, Deprecation> = {};
  collect(schema, '', [], schemas, found);
  return Object.keys(found).length > 0 ? found : undefined;
}

function collect(
  schema: Schema | undefined,
  pointer: string,
  within: Schema[],
  schemas: Record<string, Schema>,
  found: Record<string, Deprecation>,
): void {
  // A schema inside itself would never end.
  if (typeof schema !== 'object' || within.includes(schema)) return;
  const below = [...within, schema];
  if (schema.deprecated === true) {
    found[pointer] = {
      ...(schema['x-deprecated'] !== undefined && { deprecated: schema['x-deprecated'] }),
      ...(schema['x-sunset'] !== undefined && { sunset: schema['x-sunset'] }),
    };
  }
  if (schema.$ref) collect(findSchema(schema.$ref, schemas), pointer, below, schemas, found);
  for (const part of [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) {
    collect(part, pointer, below, schemas, found);
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const step = name.replaceAll('~', '~0').replaceAll('/', '~1');
    collect(property, `${pointer}/${step}`, below, schemas, found);
  }
  collect(schema.items, `${pointer}/*`, below, schemas, found);
}
