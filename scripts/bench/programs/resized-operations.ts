/**
 * The generated table, made smaller or larger: 2 operations are the two that are measured, 105 are all of ours and as
 * many as are missing, of resources that nobody asks for and that stand before ours.
 */
import { openApiDocument as document, type OperationId, routes as real } from '../../../generated/operations.ts';
import { readOptions } from './listen.ts';

export * from '../../../generated/operations.ts';

interface Paths {
  [path: string]: { [method: string]: { operationId: string; security: readonly object[]; responses: object } };
}

const measured: readonly OperationId[] = ['createChat', 'getSession'];
const security = [{ bearer: [] }];
const wanted = readOptions().operations ?? measured.length;
const ours = Object.values(document.paths).flatMap((methods) => Object.values(methods)).length;

const paths: Paths = {};
const added: Record<string, Record<string, string>> = {};
let count = 0;

function add(path: string, method: string): void {
  if (ours + count >= wanted) return;
  count += 1;
  const operationId = `added${count}`;
  const full = `/api/v2${path}`;
  paths[full] = { ...paths[full], [method.toLowerCase()]: { operationId, security, responses: {} } };
  added[path] = { ...added[path], [method]: operationId };
}

for (let resource = 1; ours + count < wanted; resource += 1) {
  add(`/resources-${resource}`, 'GET');
  add(`/resources-${resource}`, 'POST');
  add(`/resources-${resource}/{id}`, 'GET');
  add(`/resources-${resource}/{id}`, 'DELETE');
}

function isMeasured(operation: string): boolean {
  return wanted >= ours || measured.some((id) => id === operation);
}

for (const [path, methods] of Object.entries(document.paths)) {
  const kept = Object.entries(methods).filter(([, { operationId }]) => isMeasured(operationId));
  if (kept.length > 0) paths[path] = Object.fromEntries(kept);
}

function resize(table: (typeof real)['root']): object {
  const kept = Object.entries(table).map(([path, methods]) => {
    return [path, Object.fromEntries(Object.entries(methods).filter(([, id]) => isMeasured(id)))] as const;
  });
  return Object.fromEntries(kept.filter(([, methods]) => Object.keys(methods).length > 0));
}

export const openApiDocument = { ...document, paths };
export const routes = {
  ...Object.fromEntries(
    Object.entries(real).map(([name, table]) => [
      name,
      name === 'root' ? resize(table) : { ...added, ...resize(table) },
    ]),
  ),
};
