/**
 * openapi-backend binds operations to what handles them: registration, unknown path, wrong method. Four things of it are
 * replaced, because of what they cost or get wrong: its router, a scan that builds regular expressions for each request,
 * by our generated table; its check of the document, which knows OpenAPI 3.0 only, by the linter; its validation, by the
 * generated validators; and its security, a dozen promises for each request, by one question before the operation.
 */
import type { Context, Document, Request } from 'openapi-backend';
// Not by the package's own door, which brings a mock server along.
import { OpenAPIBackend } from 'openapi-backend/backend.js';
import { type OperationId, openApiDocument } from '../../../generated/operations.ts';
import type { Authenticate } from './authenticate.ts';
import type { Exchange } from './exchange.ts';
import type { MatchRoute, RouteMatch } from './route-match.ts';

export interface Steps {
  authenticate: Authenticate;
  /** Everything after the key: limits, version, scopes, body, handler, answer. */
  perform(exchange: Exchange): Promise<void>;
  notFound(exchange: Exchange): void;
  methodNotAllowed(exchange: Exchange, allow: readonly string[]): void;
  /** For what went wrong on the way. */
  fail(exchange: Exchange, error: unknown): void;
  /** True when the operation may be called without a key, whatever the contract's security says. */
  isOpen(operation: OperationId): boolean;
}

/** Answers the exchange, whatever comes. */
export type Bind = (exchange: Exchange) => void;

/** A request as the library sees it, with what our table found. */
interface Bound extends Request {
  match?: RouteMatch;
}

const unparsed = { method: '', path: '', headers: {}, params: {}, cookies: {}, query: {}, requestBody: undefined };

export async function createBinder(matchRoute: MatchRoute, steps: Steps): Promise<Bind> {
  const backend = new OpenAPIBackend({
    definition: mutableCopy(),
    quick: true,
    strict: true,
    validate: false,
  });
  await backend.init();
  const operations = backend.router.getOperations();
  const known = new Map(operations.map((operation) => [operation.operationId, { ...operation, security: [] }]));

  // By itself it lists all operations anew for each one that is registered.
  backend.router.getOperation = (operationId) => known.get(operationId);
  backend.router.matchOperation = (request: Bound) => {
    const { match } = request;
    const operation = match?.found === 'operation' ? known.get(match.operation) : undefined;
    if (!operation) throw new Error(match?.found === 'other-methods' ? '405' : '404');
    return operation;
  };
  // Handlers are given the exchange, which knows the request: what would be parsed here nobody looks at.
  backend.router.parseRequest = () => unparsed;

  backend.register({
    notFound: (_context: Context, exchange: Exchange) => steps.notFound(exchange),
    methodNotAllowed: (_context: Context, exchange: Exchange, match: RouteMatch) =>
      steps.methodNotAllowed(exchange, match.found === 'other-methods' ? match.allow : []),
  });

  function secured(exchange: Exchange): Promise<void> {
    const { operation } = exchange;
    const knocking = operation && steps.isOpen(operation) ? undefined : steps.authenticate(exchange);
    return knocking ? knocking.then(() => steps.perform(exchange)) : steps.perform(exchange);
  }

  for (const { operationId, security = [] } of operations) {
    const perform = security.length === 0 ? steps.perform : secured;
    if (!operationId) continue;
    // Not given back: the library would wait for it with a handful of promises more.
    backend.register(operationId, (_context: Context, exchange: Exchange) => {
      perform(exchange).catch((error: unknown) => steps.fail(exchange, error));
    });
  }

  return (exchange) => {
    const { request, path } = exchange;
    const match = matchRoute(request.method ?? 'GET', path, exchange.foreign);
    exchange.family = match.family;
    if (match.found === 'operation') {
      exchange.operation = match.operation;
      exchange.pathParameters = match.path;
    }
    const bound: Bound = { method: request.method ?? 'GET', path, headers: {}, match };
    backend.handleRequest(bound, exchange, match).catch((error: unknown) => steps.fail(exchange, error));
  };
}

/** The library writes into the document it is given. */
function mutableCopy(): Document {
  return JSON.parse(JSON.stringify(openApiDocument));
}
