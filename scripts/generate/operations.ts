/** What the transports bind: each operation's and frame's rules as data, and the tables that a path is matched by. */
import type { ApiDocument, Contract } from './bundle.ts';
import { deprecatedMembers } from './deprecated-members.ts';
import type { Enforced } from './documents.ts';
import { listMessages } from './message-list.ts';
import { type ListedOperation, listOperations } from './operation-list.ts';
import { operationTypes } from './operation-types.ts';
import { header, printName, printUnion, printValue } from './print.ts';
import { jsonSchema } from './request-validators.ts';
import { listPaths, listRoutes } from './route-table.ts';

const defaultBodyLimit = 102_400;

export function operations({ documents }: Contract): string {
  const lists = documents.map((document) => ({ document, operations: listOperations(document) }));
  const versions = documents.filter(({ family }) => family);
  const foreign = documents.filter(({ family }) => !family).map(({ name }) => name);
  const ids = [...new Set(lists.flatMap((list) => list.operations.map(({ id }) => id)))].sort();
  const table = lists.map(({ document, operations }) => [
    document.name,
    Object.fromEntries(operations.map((operation) => [operation.id, operationEntry(operation, document)])),
  ]);
  const messages = versions.map((document) => [document.name, messageEntries(document)]);
  const idsOf = lists.map(
    ({ document, operations }) =>
      `  ${printName(document.name)}: ${printUnion(
        operations.map(({ id }) => id),
        '  ',
      )};\n`,
  );
  const typesOf = versions.map(
    (document) => `  ${printName(document.name)}: ${printUnion(Object.keys(messageEntries(document)), '  ')};\n`,
  );
  return `${header}
export type ApiVersion = ${printUnion(versions.map(({ name }) => name))};

/** A shape of somebody else's that is served beside the versions, at paths of its own. */
export type ForeignName = ${printUnion(foreign)};

export type DocumentName = ApiVersion | ForeignName;

export type OperationId = ${printUnion(ids)};

export interface OperationIds {
${idsOf.join('')}}

export interface ClientFrameTypes {
${typesOf.join('')}}
${operationTypes}
/** Oldest first. */
export const apiVersions: readonly ApiVersionEntry[] = ${printValue(versions.map(versionEntry))};

export const foreignNames: readonly ForeignName[] = ${printValue(foreign)};

export const operations: { readonly [Name in DocumentName]: OperationTable } = ${printValue(Object.fromEntries(table))};

export const routes: Routes = ${printValue(listRoutes(lists))};

/** Every operation once, without schemas: what openapi-backend is started with. Each stands at its newest path. */
export const openApiDocument: OpenApiDocument = ${printValue({
    openapi: '3.1.1',
    info: { title: documents.at(0)?.openapi.info.title, version: versions.at(-1)?.name },
    paths: listPaths(lists),
    components: { securitySchemes: securitySchemes(documents) },
  })};

/** By version, then by the \`type\` of a frame that a client sends. */
export const messages: { readonly [Name in ApiVersion]: MessageTable } = ${printValue(Object.fromEntries(messages))};
`;
}

/** A scheme means the same wherever it is named. */
function securitySchemes(documents: ApiDocument[]): object {
  return Object.assign({}, ...documents.map(({ openapi }) => openapi.components?.securitySchemes ?? {}).reverse());
}

function versionEntry({ name, family, openapi }: ApiDocument): object {
  return { date: name, family, deprecated: openapi.info['x-deprecated'], sunset: openapi.info['x-sunset'] };
}

function operationEntry(listed: ListedOperation, document: ApiDocument): object {
  const { id, operation, body, answers } = listed;
  const names = (place: string) => listed.parameters.filter((parameter) => parameter.in === place).map((p) => p.name);
  return {
    method: listed.method,
    path: listed.path,
    ...enforced(id, operation),
    bodyLimit: body ? (operation['x-body-limit'] ?? defaultBodyLimit) : 0,
    rawBody: operation['x-raw-body'] || undefined,
    open: listed.open,
    parameters: { path: names('path'), query: names('query').sort() },
    requestBody: body && { contentTypes: Object.keys(body.content), required: body.required ?? false },
    answers: Object.fromEntries(
      Object.entries(answers).map(([status, { content = {} }]) => [status, Object.keys(content)]),
    ),
    deprecated: operation.deprecated || undefined,
    sunset: operation['x-sunset'],
    deprecatedMembers: deprecatedMembers(jsonSchema(listed), document.openapi.components?.schemas ?? {}),
  };
}

function messageEntries(document: ApiDocument): Record<string, object> {
  const frames = listMessages(document).filter(({ direction }) => direction === 'client');
  return Object.fromEntries(frames.map(({ type, message }) => [type, enforced(type, message)]));
}

/** The linter demands these; a table with a hole would be an operation without a rule. */
function enforced(name: string, from: Enforced): object {
  const rules = {
    scopes: from['x-scopes'],
    rateLimit: from['x-rate-limit'],
    timeoutMs: from['x-timeout'],
    idempotent: from['x-idempotent'],
  };
  const missing = Object.entries(rules).flatMap(([rule, value]) => (value === undefined ? [rule] : []));
  if (missing.length > 0) throw new Error(`${name} does not say its ${missing.join(', ')}.`);
  return rules;
}
