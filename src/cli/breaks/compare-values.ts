import type { SchemaObject } from './contract-document.ts';
import type { Side } from './misfit.ts';

/** Where the values themselves do not fit: their type, the values listed, their bounds. */
export function compareValues(side: Side, given: SchemaObject, taken: SchemaObject): string[] {
  const types = compareTypes(side, typesOf(given), typesOf(taken));
  if (types.length > 0) return types;
  return [...compareLists(side, given, taken), ...compareBounds(side, given, taken)];
}

function compareTypes(side: Side, given: readonly string[], taken: readonly string[]): string[] {
  if (taken.length === 0) return [];
  if (given.length === 0) return [side === 'request' ? `must be ${taken.join(' or ')} now` : 'may be anything now'];
  const strange = given.filter((type) => !taken.includes(type) && !(type === 'integer' && taken.includes('number')));
  if (strange.length === 0) return [];
  const [those, these] = [strange.join(' or '), taken.join(' or ')];
  return [side === 'request' ? `may no longer be ${those}, only ${these}` : `may be ${those} now and was ${these}`];
}

/** Clients take values that they do not know where an answer lists some, but not where it promised a single one. */
function compareLists(side: Side, given: SchemaObject, taken: SchemaObject): string[] {
  const known = valuesOf(taken);
  if (!known || (side === 'answer' && taken.const === undefined)) return [];
  const strange = valuesOf(given)?.filter((value) => !known.includes(value));
  if (strange === undefined) return [side === 'request' ? `must be one of ${known.join(', ')} now` : 'may vary now'];
  if (strange.length === 0) return [];
  return [`${side === 'request' ? 'may no longer be' : 'may be'} ${strange.join(', ')}`];
}

const upper = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const lower = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const exact = ['pattern', 'format', 'multipleOf'];

function compareBounds(side: Side, given: SchemaObject, taken: SchemaObject): string[] {
  const beyond = [
    ...upper.filter((name) => numberAt(given, name, Infinity) > numberAt(taken, name, Infinity)),
    ...lower.filter((name) => numberAt(given, name, -Infinity) < numberAt(taken, name, -Infinity)),
    // Whether one pattern takes what another does cannot be told: another one is a break.
    ...exact.filter((name) => taken[name] !== undefined && given[name] !== taken[name]),
    ...(taken.uniqueItems === true && given.uniqueItems !== true ? ['uniqueItems'] : []),
  ];
  const [before, now] = side === 'request' ? [given, taken] : [taken, given];
  return beyond.map((name) => `has another ${name}: it was ${shown(before[name])} and is ${shown(now[name])}`);
}

function typesOf({ type }: SchemaObject): string[] {
  return type === undefined ? [] : [type].flat();
}

function valuesOf(schema: SchemaObject): unknown[] | undefined {
  return schema.const === undefined ? schema.enum : [schema.const];
}

function numberAt(schema: SchemaObject, name: string, absent: number): number {
  const value = schema[name];
  return typeof value === 'number' ? value : absent;
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : String(value);
}
