/** Values that fit the contract for certain: made from its schemas, and held against its own validators. */
import { readFileSync } from 'node:fs';
import type { Arbitrary } from 'fast-check';
import type { ApiVersion, OperationId } from '../../generated/operations.ts';
import * as requests1 from '../../generated/validators/2026-03-01.requests.js';
import * as requests2 from '../../generated/validators/2026-11-01.requests.js';
import type { RequestValidators, Validate } from '../../generated/validators/validate.ts';
import type { Problem } from '../../src/handlers/to-problem.ts';
import { arbitraryFromSchema, type Json, type JsonSchema } from './arbitrary-from-schema.ts';
import { failure, said } from './contract.ts';

interface Components {
  schemas: Record<string, JsonSchema>;
  responses?: Record<string, Response>;
}

interface Response {
  $ref?: string;
  content?: Record<string, { schema: JsonSchema }>;
}

interface OperationObject {
  operationId: string;
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, Response>;
}

interface Document {
  components: Components;
  paths: Record<string, Record<string, OperationObject>>;
}

export const heard = { '2026-03-01': requests1, '2026-11-01': requests2 } satisfies Record<
  ApiVersion,
  { requests: Readonly<Record<string, RequestValidators>>; clientFrames: Readonly<Record<string, Validate>> }
>;

const read = (name: string): Document =>
  JSON.parse(readFileSync(new URL(`../../generated/specs/${name}.json`, import.meta.url), 'utf8'));

const documents: Record<ApiVersion, { http: Document; events: Document }> = {
  '2026-03-01': { http: read('openapi.2026-03-01'), events: read('asyncapi.2026-03-01') },
  '2026-11-01': { http: read('openapi.2026-11-01'), events: read('asyncapi.2026-11-01') },
};

/** An answer with a JSON body; undefined where the version has none such. */
export function arbitraryAnswer(date: ApiVersion, id: OperationId, status: string) {
  const { components } = documents[date].http;
  const listed = operationOf(date, id)?.responses[status];
  const response = listed?.$ref ? components.responses?.[listed.$ref.split('/').at(-1) ?? ''] : listed;
  const type = 'application/json';
  return fitting(response?.content?.[type]?.schema, components, said[date].answers[id]?.[status]?.[type]);
}

/** A failure of the newest version, whatever operation it is of. */
export function arbitraryProblem(): Arbitrary<Problem> {
  const { components } = documents['2026-11-01'].http;
  return certain(fitting<Problem>({ $ref: 'Problem' }, components, failure['2026-11-01'].validate), 'Problem');
}

/** The body of a request; undefined where the version takes none. */
export function arbitraryBody<Shape extends object>(date: ApiVersion, id: OperationId) {
  const schema = operationOf(date, id)?.requestBody?.content['application/json']?.schema;
  return fitting<Shape>(schema, documents[date].http.components, heard[date].requests[id]?.body);
}

/** An event of a stream, by the name of its schema. */
export function arbitraryEvent<Shape extends object>(date: ApiVersion, name: string): Arbitrary<Shape> {
  const validate: Validate = (event) => typeNameOf(event, said[date].events)?.(event) ?? false;
  return certain(fitting<Shape>({ $ref: name }, documents[date].events.components, validate), name);
}

/** A frame that a client sends, by the name of its schema. */
export function arbitraryClientFrame<Shape extends object>(date: ApiVersion, name: string): Arbitrary<Shape> {
  const validate: Validate = (frame) => typeNameOf(frame, heard[date].clientFrames)?.(frame) ?? false;
  return certain(fitting<Shape>({ $ref: name }, documents[date].events.components, validate), name);
}

function fitting<Shape extends object>(
  schema: JsonSchema | undefined,
  { schemas }: Components,
  validate: Validate | null | undefined,
): Arbitrary<Shape> | undefined {
  if (schema === undefined || !validate) return undefined;
  return arbitraryFromSchema(schema, schemas).filter((value): value is Json & Shape => validate(value));
}

function certain<Value>(arbitrary: Arbitrary<Value> | undefined, name: string): Arbitrary<Value> {
  if (!arbitrary) throw new Error(`the contract has no ${name}`);
  return arbitrary;
}

function operationOf(date: ApiVersion, id: OperationId): OperationObject | undefined {
  const all = Object.values(documents[date].http.paths).flatMap((methods) => Object.values(methods));
  return all.find(({ operationId }) => operationId === id);
}

function typeNameOf(value: unknown, validators: Readonly<Record<string, Validate>>): Validate | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  return validators[String(value.type)];
}
