/** A bundled document of the contract, as far as a comparison reads it: `generated/specs/*.json`. */
export interface ContractDocument {
  openapi?: string;
  asyncapi?: string;
  info: { version: string };
  paths?: Record<string, Record<string, Operation>>;
  security?: unknown[];
  components?: Components;
}

export interface Components {
  schemas?: Record<string, Schema>;
  parameters?: Record<string, Parameter>;
  responses?: Record<string, Answer>;
  messages?: Record<string, Message>;
}

export interface Operation {
  operationId: string;
  parameters?: (Parameter | Reference)[];
  requestBody?: { required?: boolean; content: Record<string, { schema?: Schema }> };
  responses: Record<string, Answer | Reference>;
  security?: unknown[];
  'x-scopes'?: string[];
  'x-body-limit'?: number;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema?: Schema;
}

export interface Answer {
  headers?: Record<string, unknown>;
  content?: Record<string, { schema?: Schema }>;
}

export interface Message {
  'x-direction'?: 'client' | 'server' | 'event';
  payload: Schema;
}

export interface Reference {
  $ref: string;
}

export type Schema = boolean | SchemaObject;

export interface SchemaObject {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema;
  propertyNames?: Schema;
  items?: Schema;
  uniqueItems?: boolean;
  deprecated?: boolean;
  [bound: string]: unknown;
}

/** What a reference names, with what stands beside it; anything else as it is. */
export function resolveSchema(schema: Schema | undefined, components: Components): SchemaObject {
  if (typeof schema !== 'object') return {};
  const { $ref, ...beside } = schema;
  if ($ref === undefined) return schema;
  return { ...resolveSchema(components.schemas?.[nameIn($ref)], components), ...beside };
}

export function resolveParameter(parameter: Parameter | Reference, components: Components): Parameter | undefined {
  return '$ref' in parameter ? components.parameters?.[nameIn(parameter.$ref)] : parameter;
}

export function resolveAnswer(answer: Answer | Reference, components: Components): Answer {
  return '$ref' in answer ? (components.responses?.[nameIn(answer.$ref)] ?? {}) : answer;
}

function nameIn(reference: string): string {
  return reference.split('/').at(-1) ?? '';
}
