/** The part of Redocly's plugin interface that the rules use. A rule is a function that gives visitors by node type. */
import type { Schema, SchemaObject } from '../generate/documents.ts';

export interface Location {
  source: { absoluteRef: string };
  child(path: (string | number)[]): Location;
}

export interface Context {
  location: Location;
  report(problem: { message: string; location?: Location }): void;
  /** A reference in a file is relative to it; `from` says which file when it is not the visited one. */
  resolve(node: { $ref: string }, from?: string): { node?: unknown; location?: Location };
}

// Each visitor knows what its node type holds, which no common type can say.
type Visit = (node: never, context: Context) => void;

export type Rule = () => { [nodeType: string]: Visit | { enter?: Visit; leave?: Visit } };

/**
 * What stands under `webhooks` is not answered but sent by the gateway: its request is what we say, and how it is admitted
 * is its receiver's business.
 */
export function trackOutbound(): { isInside: () => boolean; visitor: { enter: Visit; leave: Visit } } {
  let inside = false;
  return {
    isInside: () => inside,
    visitor: {
      enter() {
        inside = true;
      },
      leave() {
        inside = false;
      },
    },
  };
}

/** What is wrong, and at which member of the node. */
export type Report = (message: string, ...path: (string | number)[]) => void;

export function reporter(context: Context, location: Location = context.location): Report {
  return (message, ...path) => context.report({ message, location: path.length > 0 ? location.child(path) : location });
}

export function typesOf(schema: SchemaObject): string[] {
  return [schema.type ?? []].flat();
}

/** Redocly hands over whatever stands where a schema should be. */
export function isSchemaObject(node: unknown): node is SchemaObject {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

/**
 * Visits a schema and all below it, through references. Redocly itself visits a shared schema once, whoever leads to it
 * first; a rule that asks where a schema is used has to go everywhere it is used.
 */
export function walkSchema(
  schema: unknown,
  context: Context,
  visit: (schema: SchemaObject, report: Report) => void,
  location: Location = context.location,
  seen: Set<unknown> = new Set(),
): void {
  if (!isSchemaObject(schema) || seen.has(schema)) return;
  seen.add(schema);
  if (schema.$ref) {
    const target = context.resolve({ $ref: schema.$ref }, location.source.absoluteRef);
    walkSchema(target.node, context, visit, target.location, seen);
  } else {
    visit(schema, reporter(context, location));
  }
  for (const [path, below] of schemasBelow(schema)) walkSchema(below, context, visit, location.child(path), seen);
}

const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const;
const singles = ['not', 'if', 'then', 'else', 'items', 'contains', 'additionalProperties', 'propertyNames'] as const;
const maps = ['properties', 'patternProperties', 'dependentSchemas'] as const;

function* schemasBelow(schema: SchemaObject): Generator<[path: (string | number)[], schema: Schema]> {
  for (const keyword of singles) {
    const below = schema[keyword];
    if (below !== undefined) yield [[keyword], below];
  }
  for (const keyword of lists) {
    for (const [index, below] of (schema[keyword] ?? []).entries()) yield [[keyword, index], below];
  }
  for (const keyword of maps) {
    for (const [name, below] of Object.entries(schema[keyword] ?? {})) yield [[keyword, name], below];
  }
}
