import { type Components, resolveSchema, type Schema, type SchemaObject } from './contract-document.ts';

/** The pointer of the member at the place, or of one around it, that is marked as deprecated. */
export function findDeprecated(schema: Schema | undefined, place: string, components: Components): string | undefined {
  let found = branchesOf(schema, components);
  let pointer = '';
  for (const step of place.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    found = found.flatMap(({ properties, items }) => branchesOf(step === '*' ? items : properties?.[name], components));
    pointer += `/${step}`;
    if (found.some(({ deprecated }) => deprecated === true)) return pointer;
  }
  return undefined;
}

function branchesOf(schema: Schema | undefined, components: Components): SchemaObject[] {
  if (typeof schema !== 'object') return [];
  const resolved = resolveSchema(schema, components);
  return [resolved, ...(resolved.oneOf ?? []).flatMap((branch) => branchesOf(branch, components))];
}
