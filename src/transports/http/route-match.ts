/**
 * Finds the operation of a request in the generated table: exact paths by look-up, templates by their few segments. The
 * raw path decides, never the Host header.
 */
import {
  type DocumentName,
  type Method,
  type OperationId,
  type RouteTable,
  routes,
} from '../../../generated/operations.ts';
import type { ForeignShape } from '../../dialects/shape.ts';
import type { Version } from '../../versions/version.ts';

export type RouteMatch =
  | { found: 'operation'; operation: OperationId; family: string | undefined; path: Record<string, string> }
  | { found: 'other-methods'; allow: string[]; family: string | undefined }
  | { found: 'nothing'; family: string | undefined };

/** `shape` is the vendor's that serves the path, where one does. */
export type MatchRoute = (method: string, path: string, shape?: ForeignShape) => RouteMatch;

interface Table {
  exact: Map<string, Methods>;
  templates: { segments: string[]; methods: Methods }[];
}

type Methods = { readonly [M in Method]?: OperationId };

export function createMatchRoute(versions: readonly Version[], foreign: readonly ForeignShape[]): MatchRoute {
  const root = compile([routes.root]);
  const tables = new Map(versions.map(({ family, date }) => [family, compile([tableOf(date)])]));
  // Without a number in the path the version is known only after the key; the newest has every operation of the others.
  const anyVersion = compile(versions.map(({ date }) => tableOf(date)));

  const foreignTables = new Map(foreign.map((shape) => [shape, compile([tableOf(shape.date)])]));

  return (method, path, shape) => {
    const vendors = shape && foreignTables.get(shape);
    if (vendors) return matchIn(vendors, method, path, undefined);
    if (!path.startsWith('/api/')) return matchIn(root, method, path, undefined);
    const slash = path.indexOf('/', 5);
    const family = slash === -1 ? path.slice(5) : path.slice(5, slash);
    const table = tables.get(family);
    return table
      ? matchIn(table, method, slash === -1 ? '/' : path.slice(slash), family)
      : matchIn(anyVersion, method, path.slice(4), undefined);
  };
}

function tableOf(date: DocumentName): RouteTable {
  return routes[date];
}

function compile(sources: readonly RouteTable[]): Table {
  const exact = new Map<string, Methods>();
  for (const source of sources) {
    for (const [path, methods] of Object.entries(source)) exact.set(path, { ...exact.get(path), ...methods });
  }
  const templates = [...exact]
    .filter(([path]) => path.includes('{'))
    .map(([path, methods]) => ({ segments: path.split('/'), methods }));
  for (const { segments } of templates) exact.delete(segments.join('/'));
  return { exact, templates };
}

function matchIn(table: Table, method: string, path: string, family: string | undefined): RouteMatch {
  const exact = table.exact.get(path);
  if (exact) return choose(exact, method, family, {});
  const segments = path.split('/');
  for (const template of table.templates) {
    const parameters = fitTemplate(template.segments, segments);
    if (parameters) return choose(template.methods, method, family, parameters);
  }
  return { found: 'nothing', family };
}

function choose(
  methods: Methods,
  method: string,
  family: string | undefined,
  path: Record<string, string>,
): RouteMatch {
  // HEAD is answered as GET is; Node leaves the body out.
  const wanted = method === 'HEAD' ? 'GET' : method;
  const operation = isMethod(wanted) ? methods[wanted] : undefined;
  if (operation) return { found: 'operation', operation, family, path };
  const allow = Object.keys(methods).flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name]));
  return { found: 'other-methods', allow, family };
}

function isMethod(method: string): method is Method {
  return method === 'GET' || method === 'POST' || method === 'PUT' || method === 'DELETE' || method === 'PATCH';
}

function fitTemplate(template: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, wanted] of template.entries()) {
    const segment = segments[index] ?? '';
    if (!wanted.startsWith('{')) {
      if (wanted !== segment) return undefined;
    } else {
      const value = decode(segment);
      if (value === undefined || value === '') return undefined;
      parameters[wanted.slice(1, -1)] = value;
    }
  }
  return parameters;
}

function decode(segment: string): string | undefined {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
