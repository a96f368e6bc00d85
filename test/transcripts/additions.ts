import { readFileSync } from 'node:fs';
import { operationAt } from '../support/contract.ts';

/** What the contract of 2026-03-01 says of members and headers that came after it. */
export interface Schema {
  $ref?: string;
  'x-added'?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  oneOf?: Schema[];
  const?: unknown;
}

interface Response {
  $ref?: string;
  headers?: Record<string, Schema>;
  content?: Record<string, { schema: Schema }>;
}

interface Components {
  schemas: Record<string, Schema>;
  headers?: Record<string, Schema>;
  responses?: Record<string, Response>;
  messages?: Record<string, { 'x-direction': string; payload: Schema }>;
}

interface Document {
  components: Components;
  paths?: Record<string, Record<string, { operationId: string; responses: Record<string, Response> }>>;
}

const version = '2026-03-01';
const openapi = readDocument('openapi');
const asyncapi = readDocument('asyncapi');

/** A schema among those that it refers to. */
export interface Shape {
  schema: Schema | undefined;
  components: Components;
}

/** Headers and body of an answer; where there is no operation, a body has the shape that all failures have. */
export function answerShape(
  request: string,
  status: number,
  type: string,
): { headers: Response['headers']; body: Shape } {
  const [method = '', target = ''] = request.split(' ');
  const id = operationAt(version, method, target);
  const operations = Object.values(openapi.paths ?? {}).flatMap((methods) => Object.values(methods));
  const listed = operations.find(({ operationId }) => operationId === id)?.responses[String(status)];
  const { components } = openapi;
  const response = listed?.$ref ? components.responses?.[nameIn(listed.$ref)] : listed;
  const schema = response?.content?.[type]?.schema ?? { $ref: '#/components/schemas/Error' };
  return { headers: response?.headers, body: { schema, components } };
}

/** What the gateway sends: a frame, or an event of a stream. */
export function messageShape(direction: 'server' | 'event', type: unknown): Shape {
  const { components } = asyncapi;
  const payloads = Object.values(components.messages ?? {}).filter((message) => message['x-direction'] === direction);
  const found = payloads.find(({ payload }) =>
    membersOf({ schema: payload, components }, 'type').some(({ schema }) => schema?.const === type),
  );
  return { schema: found?.payload, components };
}

/** The member as each shape that the value may have knows it. */
export function membersOf(shape: Shape, name: string): Shape[] {
  const { components } = shape;
  return branchesOf(shape).flatMap(({ properties }) => {
    const schema = properties?.[name];
    return schema ? [{ schema, components }] : [];
  });
}

export function itemsOf(shape: Shape): Shape[] {
  const { components } = shape;
  return branchesOf(shape).flatMap(({ items }) => (items ? [{ schema: items, components }] : []));
}

export function isAdded(schema: Schema | undefined): boolean {
  return schema?.['x-added'] !== undefined;
}

function branchesOf({ schema, components }: Shape): Schema[] {
  if (!schema) return [];
  const target = schema.$ref === undefined ? schema : components.schemas[nameIn(schema.$ref)];
  return [
    ...(target ? [target] : []),
    ...(target?.oneOf ?? []).flatMap((branch) => branchesOf({ schema: branch, components })),
  ];
}

function nameIn(reference: string): string {
  return reference.split('/').at(-1) ?? '';
}

function readDocument(name: string): Document {
  return JSON.parse(readFileSync(new URL(`../../generated/specs/${name}.${version}.json`, import.meta.url), 'utf8'));
}
