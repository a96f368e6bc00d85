/** The fixed part of `operations.ts`: the shapes of its tables. */
export const operationTypes = `
export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH';

export interface ApiVersionEntry {
  readonly date: ApiVersion;
  /** As in the path: \`/api/v1\`. */
  readonly family: string;
  /** Dates; absent while nothing is planned. */
  readonly deprecated?: string;
  readonly sunset?: string;
}

/** How a request or a frame is admitted. */
export interface Rules {
  /** All are needed; none means that any key will do. */
  readonly scopes: readonly string[];
  /** What it costs of \`requestsPerMinute\`. */
  readonly rateLimit: number;
  readonly timeoutMs: number;
  /** Harmless to repeat: by nature, with an \`Idempotency-Key\`, or not at all. */
  readonly idempotent: 'natural' | 'key' | 'none';
}

export interface Operation extends Rules {
  readonly method: Method;
  /** Complete, with its parameters in braces. */
  readonly path: string;
  /** Bytes; 0 where there is no body. */
  readonly bodyLimit: number;
  /** The body is taken as bytes and checked by its sender's signature, not by a schema. */
  readonly rawBody?: true;
  /** No key is asked for. */
  readonly open: boolean;
  readonly parameters: { readonly path: readonly string[]; readonly query: readonly string[] };
  readonly requestBody?: { readonly contentTypes: readonly string[]; readonly required: boolean };
  /** The content types of each status; none where an answer has no body. */
  readonly answers: { readonly [status: string]: readonly string[] };
  readonly deprecated?: true;
  readonly sunset?: string;
  /** Members of the request body, by JSON pointer; \`*\` stands for every item of a list. */
  readonly deprecatedMembers?: { readonly [pointer: string]: { readonly deprecated?: string; readonly sunset?: string } };
}

export type OperationTable = { readonly [Id in OperationId]?: Operation };

export type MessageTable = { readonly [type: string]: Rules };

export type RouteTable = { readonly [path: string]: { readonly [M in Method]?: OperationId } };

/** A version's paths are relative to \`/api\` and to \`/api/<family>\`; those of \`root\` and of foreign shapes are complete. */
export type Routes = { readonly [Name in DocumentName | 'root']: RouteTable };

/** As openapi-backend wants it, which says nowhere that it only reads. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string };
  paths: {
    [path: string]: {
      [M in 'get' | 'put' | 'post' | 'delete' | 'patch']?: {
        operationId: OperationId;
        security: { [scheme: string]: string[] }[];
        responses: Record<string, never>;
      };
    };
  };
  components: { securitySchemes: Record<string, SecurityScheme> };
}

export type SecurityScheme =
  | { type: 'http'; scheme: string; description?: string }
  | { type: 'apiKey'; in: 'header'; name: string; description?: string };
`;
