/**
 * What may be given and will not be taken: of a request, what clients send and the newer gateway no longer accepts; of
 * an answer, what the newer gateway says and older clients do not know. Answers are open by the contract's word: members
 * that are new in them, and values that an enumeration gains, are no misfits.
 */
import { compareValues } from './compare-values.ts';
import { type Components, resolveSchema, type Schema, type SchemaObject } from './contract-document.ts';
import type { Misfit, Side } from './misfit.ts';

export interface Comparison {
  side: Side;
  /** Where the schemas of the giver and of the taker are defined. */
  given: Components;
  taken: Components;
  /** Pairs that are being compared already: a schema inside itself would never end. */
  within?: readonly string[];
}

export function findMisfits(
  outer: Comparison,
  from: Schema | undefined,
  to: Schema | undefined,
  pointer: string,
): Misfit[] {
  if (from === false) return [];
  if (to === false) return [{ pointer, message: 'may not be there' }];
  const { within = [] } = outer;
  const pair = `${referenceOf(from)} ${referenceOf(to)}`;
  if (pair !== ' ' && within.includes(pair)) return [];
  const comparison = { ...outer, within: [...within, pair] };
  const given = resolveSchema(from, outer.given);
  const taken = resolveSchema(to, outer.taken);
  if (given.oneOf) return given.oneOf.flatMap((branch) => findMisfits(comparison, beside(given, branch), to, pointer));
  if (taken.oneOf) return compareWithBranches(comparison, given, taken, taken.oneOf, pointer);
  const own = compareValues(comparison.side, given, taken).map((message) => ({ pointer, message }));
  // What is inside something of another kind altogether has nothing to be compared with.
  if (own.length > 0) return own;
  return [
    ...compareMembers(comparison, given, taken, pointer),
    ...(taken.items === undefined ? [] : findMisfits(comparison, given.items, taken.items, `${pointer}/*`)),
  ];
}

/** What stands around a union holds for each of its branches. */
function beside({ oneOf: _, description: __, examples: ___, ...around }: SchemaObject, branch: Schema): Schema {
  return Object.keys(around).length === 0 || typeof branch === 'boolean' ? branch : { ...around, ...branch };
}

function compareWithBranches(
  comparison: Comparison,
  given: SchemaObject,
  taken: SchemaObject,
  branches: readonly Schema[],
  pointer: string,
): Misfit[] {
  const shapes = branches.map((branch) => beside(taken, branch));
  const found = shapes.map((shape) => findMisfits(comparison, given, shape, pointer));
  if (found.some((list) => list.length === 0)) return [];
  const counterpart = shapes.findIndex((shape) =>
    isSameKind(comparison, given, resolveSchema(shape, comparison.taken)),
  );
  if (counterpart !== -1) return found[counterpart] ?? [];
  if (comparison.side === 'request') return [{ pointer, message: 'is no longer taken in one of its shapes' }];
  // A shape that says by a mark of its own what it is, is one more value that clients are to pass over.
  return marksOf(given, comparison.given).length > 0 ? [] : [{ pointer, message: 'may have one more shape' }];
}

/** Whether both carry the same mark, such as `type: text`, or, where there are no marks, are of the same type. */
function isSameKind({ given: from, taken: to }: Comparison, given: SchemaObject, taken: SchemaObject): boolean {
  const marks = marksOf(given, from);
  if (marks.length > 0) return marksOf(taken, to).some((mark) => marks.includes(mark));
  return given.type !== undefined && String(given.type) === String(taken.type);
}

function marksOf({ properties = {} }: SchemaObject, components: Components): string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const { const: value } = resolveSchema(property, components);
    return typeof value === 'string' ? [`${name}=${value}`] : [];
  });
}

function compareMembers(comparison: Comparison, given: SchemaObject, taken: SchemaObject, pointer: string): Misfit[] {
  const isRequest = comparison.side === 'request';
  const from = given.properties ?? {};
  const to = taken.properties ?? {};
  const at = (name: string) => `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const gone = isRequest ? [] : Object.keys(to).filter((name) => !Object.hasOwn(from, name));
  const needed = (taken.required ?? []).filter((name) => !given.required?.includes(name) && !gone.includes(name));
  return [
    ...Object.entries(from).flatMap(([name, member]) => {
      if (Object.hasOwn(to, name)) return findMisfits(comparison, member, to[name], at(name));
      return taken.additionalProperties === false ? [{ pointer: at(name), message: 'is no longer taken' }] : [];
    }),
    ...gone.map((name) => ({ pointer: at(name), message: 'is gone' })),
    ...needed.map((name) => ({ pointer: at(name), message: isRequest ? 'must be there now' : 'may be absent now' })),
    ...compareFreeMembers(comparison, given, taken, pointer),
  ];
}

/** Members that the giver names himself. */
function compareFreeMembers(
  comparison: Comparison,
  { additionalProperties: from, propertyNames: names }: SchemaObject,
  { additionalProperties: to, propertyNames: knownNames }: SchemaObject,
  pointer: string,
): Misfit[] {
  if (from === undefined || from === false || to === undefined) return [];
  if (to === false) return [{ pointer: `${pointer}/*`, message: 'is no longer taken' }];
  const inNames = knownNames === undefined ? [] : findMisfits(comparison, names, knownNames, `${pointer}/*`);
  return [...findMisfits(comparison, from, to, `${pointer}/*`), ...inNames];
}

function referenceOf(schema: Schema | undefined): string {
  return typeof schema === 'object' ? (schema.$ref ?? '') : '';
}
