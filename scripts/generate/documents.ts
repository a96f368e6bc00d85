/** The parts of the bundled specs that the generator reads; the linter has already proved their structure. */

export type Schema = boolean | SchemaObject;

export interface SchemaObject {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  dependentSchemas?: Record<string, Schema>;
  $defs?: Record<string, Schema>;
  additionalProperties?: Schema;
  unevaluatedProperties?: Schema;
  unevaluatedItems?: Schema;
  propertyNames?: Schema;
  items?: Schema;
  contains?: Schema;
  not?: Schema;
  if?: Schema;
  then?: Schema;
  else?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  prefixItems?: Schema[];
  [keyword: string]: unknown;
}

export interface Info {
  title: string;
  version: string;
  'x-family'?: string;
  'x-deprecated'?: string;
  'x-sunset'?: string;
}

/** What an operation and a client's frame both say about how they are admitted. */
export interface Enforced {
  'x-scopes'?: string[];
  'x-rate-limit'?: number;
  'x-timeout'?: number;
  'x-idempotent'?: string;
}

export interface MediaType {
  schema?: Schema;
}

export interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema?: Schema;
}

export interface RequestBody {
  $ref?: string;
  required?: boolean;
  content: Record<string, MediaType>;
}

export interface Answer {
  $ref?: string;
  content?: Record<string, MediaType>;
}

export interface Operation extends Enforced {
  operationId?: string;
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: RequestBody;
  responses: Record<string, Answer>;
  deprecated?: boolean;
  'x-sunset'?: string;
  'x-body-limit'?: number;
  'x-raw-body'?: boolean;
}

export interface PathItem {
  parameters?: Parameter[];
  get?: Operation;
  put?: Operation;
  post?: Operation;
  delete?: Operation;
  patch?: Operation;
}

export interface OpenApi {
  openapi: string;
  info: Info;
  security?: Record<string, string[]>[];
  paths: Record<string, PathItem>;
  components?: {
    schemas?: Record<string, Schema>;
    parameters?: Record<string, Parameter>;
    responses?: Record<string, Answer>;
    requestBodies?: Record<string, RequestBody>;
    securitySchemes?: Record<string, unknown>;
  };
}

export interface Message extends Enforced {
  name?: string;
  payload?: Schema;
  'x-direction'?: string;
}

export interface AsyncApi {
  asyncapi: string;
  info: Info;
  components?: { schemas?: Record<string, Schema>; messages?: Record<string, Message> };
}
