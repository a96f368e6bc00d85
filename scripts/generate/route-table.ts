/** From a path to its operations. What no version owns (`/health`, the documents) is the same in all of them. */
import type { ApiDocument } from './bundle.ts';
import type { ListedOperation, Method } from './operation-list.ts';

type RouteTable = Record<string, { [M in Method]?: string }>;

export interface OperationList {
  document: ApiDocument;
  operations: ListedOperation[];
}

export function listRoutes(lists: OperationList[]): Record<string, RouteTable> {
  const routes: Record<string, RouteTable> = { root: {} };
  for (const { document, operations } of lists) {
    routes[document.name] = {};
    for (const operation of operations) addRoute(routes, document, operation);
  }
  const sorted = Object.entries(routes).map(([name, table]) => [name, sortByName(table)]);
  return Object.fromEntries(sorted);
}

/** Every operation once, at its path in the newest document that has it, so that no two meet at one path. */
export function listPaths(lists: OperationList[]): object {
  const newest = new Map<string, { path: string; method: string; security: object[] }>();
  for (const { document, operations } of lists) {
    for (const { id, path, method, operation } of operations) {
      const security = operation.security ?? document.openapi.security ?? [];
      newest.set(id, { path, method: method.toLowerCase(), security });
    }
  }
  const paths: Record<string, Record<string, object>> = {};
  for (const [operationId, { path, method, security }] of newest) {
    paths[path] = { ...paths[path], [method]: { operationId, security, responses: {} } };
  }
  return sortByName(paths);
}

function addRoute(
  routes: Record<string, RouteTable>,
  document: ApiDocument,
  { id, method, path }: ListedOperation,
): void {
  const [table, relative] = placeOf(document, path);
  const paths = routes[table] ?? {};
  const other = paths[relative]?.[method];
  if (other !== undefined && other !== id) throw new Error(`${method} ${path} is both ${other} and ${id}.`);
  routes[table] = { ...paths, [relative]: { ...paths[relative], [method]: id } };
}

function placeOf({ name, family }: ApiDocument, path: string): [table: string, path: string] {
  if (!family) return [name, path];
  const prefix = `/api/${family}`;
  if (path.startsWith(`${prefix}/`)) return [name, path.slice(prefix.length)];
  if (path.startsWith('/api/'))
    throw new Error(`${path} is in the document of ${name}, whose paths begin with ${prefix}.`);
  return ['root', path];
}

function sortByName<Value>(table: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
}
