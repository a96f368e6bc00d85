/** The operations of one document as a flat list, in the order of their ids, with what a path item says applied to each. */
import type { ApiDocument } from './bundle.ts';
import type { Answer, OpenApi, Operation, Parameter, PathItem, RequestBody } from './documents.ts';
import { deref } from './resolve.ts';

export interface ListedOperation {
  id: string;
  method: Method;
  path: string;
  operation: Operation;
  parameters: Parameter[];
  body?: RequestBody;
  answers: Record<string, Answer>;
  /** No key is asked for. */
  open: boolean;
}

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const;

export type Method = Uppercase<(typeof methods)[number]>;

const upper = { get: 'GET', put: 'PUT', post: 'POST', delete: 'DELETE', patch: 'PATCH' } as const;

export function listOperations({ name, openapi }: ApiDocument): ListedOperation[] {
  const list: ListedOperation[] = [];
  for (const [path, item] of Object.entries(openapi.paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (!operation) continue;
      if (!operation.operationId) throw new Error(`${upper[method]} ${path} of ${name} has no operationId.`);
      const body = operation.requestBody && deref(operation.requestBody, openapi.components?.requestBodies);
      list.push({
        id: operation.operationId,
        method: upper[method],
        path,
        operation,
        parameters: parametersOf(openapi, item, operation),
        ...(body && { body }),
        answers: answersOf(openapi, operation),
        open: (operation.security ?? openapi.security ?? []).length === 0,
      });
    }
  }
  return list.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** An operation's own parameter takes the place of the path's of the same name. */
function parametersOf(openapi: OpenApi, item: PathItem, operation: Operation): Parameter[] {
  const found = new Map<string, Parameter>();
  for (const written of [...(item.parameters ?? []), ...(operation.parameters ?? [])]) {
    const parameter = deref(written, openapi.components?.parameters);
    found.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  return [...found.values()];
}

function answersOf(openapi: OpenApi, operation: Operation): Record<string, Answer> {
  const entries = Object.entries(operation.responses);
  return Object.fromEntries(entries.map(([status, answer]) => [status, deref(answer, openapi.components?.responses)]));
}
