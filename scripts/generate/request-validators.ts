/**
 * The validators of what clients send. A body stops at its first fault, so that a hostile one costs no more than a good
 * one. All faults of a small body are found by the second module, which is only needed once something was wrong.
 */
import type { ApiDocument } from './bundle.ts';
import { type CompiledSet, compileSet, writeModule } from './compile-validators.ts';
import type { Parameter, Schema, SchemaObject } from './documents.ts';
import { listMessages } from './message-list.ts';
import { type ListedOperation, listOperations } from './operation-list.ts';
import { header } from './print.ts';

interface Inputs {
  id: string;
  body: Schema | undefined;
  path: SchemaObject | undefined;
  query: SchemaObject | undefined;
  headers: SchemaObject | undefined;
}

export function requestValidators(document: ApiDocument): Record<string, string> {
  const operations = listOperations(document).map(inputsOf);
  const frames = listMessages(document).filter(({ direction }) => direction === 'client');
  const schemas = schemasOf(document);
  const wantedBodies = operations.flatMap(({ body }) => (body === undefined ? [] : [body]));
  const bodies = compileSet({
    name: 'bodies',
    schemas,
    wanted: [
      ...wantedBodies,
      ...operations.flatMap(({ headers }) => (headers ? [headers] : [])),
      ...frames.map((f) => f.payload),
    ],
  });
  const parameters = compileSet({
    name: 'parameters',
    schemas,
    wanted: operations.flatMap(({ path, query }) => [path, query]).filter((schema) => schema !== undefined),
    ajv: { coerceTypes: true, allErrors: true },
  });
  const faults = compileSet({ name: 'bodies', schemas, wanted: wantedBodies, ajv: { allErrors: true } });
  const requests = operations.map((inputs) => [inputs.id, references(inputs, bodies, parameters)] as const);
  const withBody = operations.flatMap(({ id, body }) =>
    body ? [[id, { body: faults.reference(body) }] as const] : [],
  );
  const clientFrames = frames.map(({ type, payload }) => [type, bodies.reference(payload)] as const);
  const name = `validators/${document.name}`;
  return {
    [`${name}.requests.js`]: writeModule([bodies, parameters], {
      requests: Object.fromEntries(requests),
      clientFrames: Object.fromEntries(clientFrames),
    }),
    [`${name}.requests.d.ts`]: `${header}import type { RequestValidators, Validate } from './validate.ts';

export const requests: Readonly<Record<string, RequestValidators>>;
/** By the frame's \`type\`. */
export const clientFrames: Readonly<Record<string, Validate>>;
`,
    [`${name}.faults.js`]: writeModule([faults], { faults: Object.fromEntries(withBody) }),
    [`${name}.faults.d.ts`]: `${header}import type { RequestValidators } from './validate.ts';

/** Find every fault of a body, so only a small one may be given to them: each fault is an object. */
export const faults: Readonly<Record<string, Pick<RequestValidators, 'body'>>>;
`,
  };
}

/** The components of both documents: a schema that both use is the same in each. */
export function schemasOf({ name, openapi, asyncapi }: ApiDocument): Record<string, Schema> {
  const schemas = { ...openapi.components?.schemas };
  for (const [key, schema] of Object.entries(asyncapi?.components?.schemas ?? {})) {
    if (key in schemas && JSON.stringify(schemas[key]) !== JSON.stringify(schema)) {
      throw new Error(`The OpenAPI and the AsyncAPI document of ${name} each have their own schema ${key}.`);
    }
    schemas[key] = schema;
  }
  return schemas;
}

function inputsOf(operation: ListedOperation): Inputs {
  const inPlace = (place: string) => operation.parameters.filter((parameter) => parameter.in === place);
  const [path, query, headers] = [inPlace('path'), inPlace('query'), inPlace('header')];
  if (path.length + query.length + headers.length < operation.parameters.length) {
    throw new Error(`${operation.id} has a parameter that is in no path, query or header.`);
  }
  return {
    id: operation.id,
    body: jsonSchema(operation),
    path: path.length > 0 ? parameterSchema(path) : undefined,
    // What has no 400 to answer with, such as a probe, lets any query pass.
    query: '400' in operation.answers ? parameterSchema(query) : undefined,
    headers: headers.length > 0 ? headerSchema(operation.id, headers) : undefined,
  };
}

/** What a JSON body has to fit, whichever of its JSON types it comes as. */
export function jsonSchema({ id, body }: ListedOperation): Schema | undefined {
  const json = Object.entries(body?.content ?? {}).filter(([type]) => isJson(type));
  const schemas = new Map(json.map(([, { schema }]) => [JSON.stringify(schema), schema]));
  if (schemas.size > 1) throw new Error(`${id} takes bodies of several schemas; a union has to say so.`);
  return [...schemas.values()][0];
}

export function isJson(contentType: string): boolean {
  return /^application\/(.+\+)?json\b/.test(contentType);
}

function parameterSchema(parameters: Parameter[]): SchemaObject {
  const required = parameters.flatMap((parameter) => (parameter.required ? [parameter.name] : []));
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.schema ?? true])),
  };
}

/** Headers are shared with everyone who reads the request, so that nothing may turn them into other types. */
function headerSchema(id: string, headers: Parameter[]): SchemaObject {
  const closed = parameterSchema(headers.map((header) => ({ ...header, name: header.name.toLowerCase() })));
  for (const [name, schema] of Object.entries(closed.properties ?? {})) {
    if (typeof schema === 'object' && schema.type !== undefined && schema.type !== 'string') {
      throw new Error(`The header ${name} of ${id} is not a string.`);
    }
  }
  return { ...closed, additionalProperties: true };
}

function references(inputs: Inputs, bodies: CompiledSet, parameters: CompiledSet): Record<string, string> {
  return {
    ...(inputs.body !== undefined && { body: bodies.reference(inputs.body) }),
    ...(inputs.path && { path: parameters.reference(inputs.path) }),
    ...(inputs.query && { query: parameters.reference(inputs.query) }),
    ...(inputs.headers && { headers: bodies.reference(inputs.headers) }),
  };
}
