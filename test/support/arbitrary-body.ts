/** Bodies that are nearly right: values made from a schema, spoilt in some place, and texts spoilt byte by byte. */
import { readFileSync } from 'node:fs';
import fc, { type Arbitrary } from 'fast-check';
import { type DocumentName, foreignNames, type OperationId } from '../../generated/operations.ts';
import { arbitraryFromSchema, type Json, type JsonSchema } from './arbitrary-from-schema.ts';
import { dates } from './contract.ts';

interface Document {
  components: { schemas: Record<string, JsonSchema> };
  paths: Record<
    string,
    Record<string, { operationId: string; requestBody?: { content: Record<string, { schema: JsonSchema }> } }>
  >;
}

const documents = new Map(
  [...dates, ...foreignNames].map((date): [DocumentName, Document] => {
    const file = new URL(`../../generated/specs/openapi.${date}.json`, import.meta.url);
    return [date, JSON.parse(readFileSync(file, 'utf8'))];
  }),
);

export function arbitraryBody(date: DocumentName, id: OperationId): Arbitrary<string | Uint8Array> {
  const document = documents.get(date);
  const operation = Object.values(document?.paths ?? {})
    .flatMap((methods) => Object.values(methods))
    .find(({ operationId }) => operationId === id);
  const schema = operation?.requestBody?.content['application/json']?.schema;
  if (!document || schema === undefined) throw new Error(`${id} of ${date} takes no body`);
  const fitting = arbitraryFromSchema(schema, document.components.schemas);
  const spoilt = fc.tuple(fitting, fc.array(fc.tuple(fc.nat(), spoiling), { minLength: 1, maxLength: 3 }));
  return fc.oneof(
    { arbitrary: fitting.map((value) => JSON.stringify(value)), weight: 4 },
    { arbitrary: spoilt.map(([value, changes]) => JSON.stringify(changes.reduce<Json>(spoil, value))), weight: 6 },
    { arbitrary: spoiltText(fitting.map((value) => JSON.stringify(value))), weight: 2 },
  );
}

/** What is put in the place of a value, or does something to it. */
type Spoiling = { put: Json } | 'remove' | 'surplus' | 'nest' | 'repeat';

const spoiling: Arbitrary<Spoiling> = fc.oneof(
  fc.constantFrom<Spoiling[]>('remove', 'surplus', 'nest', 'repeat'),
  fc
    .constantFrom<Json[]>(
      null,
      true,
      0,
      -1,
      1.5,
      1e308,
      2 ** 53,
      '',
      ' ',
      '\0',
      '\ud800',
      '😀'.repeat(50),
      [],
      {},
      [[]],
      [null],
    )
    .map((put) => ({ put })),
  fc.constantFrom(129, 257, 4001, 70_000).map((length) => ({ put: 'x'.repeat(length) })),
  fc.jsonValue({ maxDepth: 3 }).map((put) => ({ put: JSON.parse(JSON.stringify(put)) })),
);

/** Does it to the value that stands at that place, counted through. */
function spoil(value: Json, [place, how]: [number, Spoiling]): Json {
  let left = place % countIn(value);
  const visit = (here: Json): Json | undefined => {
    if (left-- === 0) return spoilHere(here, how);
    if (Array.isArray(here)) return here.flatMap((item) => visit(item) ?? []);
    if (typeof here !== 'object' || here === null) return here;
    const members = Object.entries(here).map(([name, member]) => [name, visit(member)] as const);
    return Object.fromEntries(members.flatMap(([name, member]) => (member === undefined ? [] : [[name, member]])));
  };
  return visit(value) ?? null;
}

function spoilHere(here: Json, how: Spoiling): Json | undefined {
  if (typeof how === 'object') return how.put;
  switch (how) {
    case 'remove':
      return undefined;
    case 'nest':
      return [here];
    case 'repeat':
      return Array.isArray(here) ? Array.from({ length: 130 }, () => here[0] ?? null) : [here, here];
    case 'surplus':
      return typeof here === 'object' && !Array.isArray(here)
        ? JSON.parse(`{"__proto__":{"a":1},${JSON.stringify({ ...here, 'x/~y': 1 }).slice(1)}`)
        : {};
  }
}

function countIn(value: Json): number {
  if (typeof value !== 'object' || value === null) return 1;
  return 1 + Object.values(value).reduce<number>((sum, below) => sum + countIn(below), 0);
}

/** Cut, doubled, or with bytes that are not theirs. */
export function spoiltText(text: Arbitrary<string>): Arbitrary<string | Uint8Array> {
  const inserted = fc.constantFrom(
    '\0',
    '"',
    '\\',
    '{',
    '[',
    ']',
    '}',
    ',',
    ':',
    '\ufeff',
    '1e999',
    '//',
    '\\ud800',
    '['.repeat(70),
  );
  return fc.oneof(
    fc.tuple(text, fc.nat()).map(([whole, at]) => whole.slice(0, at % (whole.length + 1))),
    fc.tuple(text, fc.nat(), inserted).map(([whole, at, piece]) => {
      const place = at % (whole.length + 1);
      return whole.slice(0, place) + piece + whole.slice(place);
    }),
    text.map((whole) => whole + whole),
    fc.tuple(text, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 4 })).map(([whole, at, bytes]) => {
      const all = Buffer.from(whole);
      const place = at % (all.length + 1);
      return Buffer.concat([all.subarray(0, place), bytes, all.subarray(place)]);
    }),
  );
}
