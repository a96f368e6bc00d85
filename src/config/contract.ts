/** The config file's schema: as code that checks, and as data where an error has to be explained. */
import { readFileSync } from 'node:fs';
import type { components } from '../../generated/types/config.ts';
import { config as validate } from '../../generated/validators/config.js';
import type { ValidateError } from '../../generated/validators/validate.ts';

export type ConfigFile = components['schemas']['Config'];
export type GatewayFile = ConfigFile['gateway'];
export type ProviderFile = NonNullable<GatewayFile['providers']>[string];

/** `propertyName` is there when the name of a member is at fault, not its value. */
export type SchemaFault = ValidateError & { propertyName?: string };

/** What does not fit the schema; nothing when `value` is a config file. */
export function schemaFaults(value: unknown): readonly SchemaFault[] {
  return validate(value) ? [] : (validate.errors ?? []);
}

export interface SchemaNode {
  description?: string;
  enum?: readonly string[];
  pattern?: string;
  properties?: Readonly<Record<string, SchemaNode>>;
  additionalProperties?: boolean | SchemaNode;
  propertyNames?: SchemaNode;
  items?: SchemaNode;
}

/** Read only when something does not hold. */
export function readSchema(): SchemaNode {
  return JSON.parse(readFileSync(new URL('../../generated/config.schema.json', import.meta.url), 'utf8'));
}

/** The schema of the member that stands at `path`, or undefined when there is none. */
export function schemaAt(schema: SchemaNode, path: readonly string[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = schema;
  for (const name of path) {
    if (!node) return undefined;
    const { properties = {}, additionalProperties, items }: SchemaNode = node;
    if (Object.hasOwn(properties, name)) node = properties[name];
    else node = items ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
  }
  return node;
}
