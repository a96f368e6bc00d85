/**
 * openapi-backend binds operations to what handles them: registration, security, unknown path, wrong method. Three things
 * of it are replaced, because of what they cost or get wrong: its router, a scan that builds regular expressions for
 * each request, by our generated table; its check of the document, which knows OpenAPI 3.0 only, by the linter; its
 * validation, by the generated validators.
 */
import type { Context, Document, Request } from 'openapi-backend';
// Not by the package's own door, which brings a mock server along.
import { OpenAPIBackend } from 'openapi-backend/backend.js';
import { type OperationId, openApiDocument } from '../../../generated/operations.ts';
import type { Exchange } from './exchange.ts';
import type { MatchRoute, RouteMatch } from './route-match.ts';

export interface Steps {
  /** Throws when the key is missing or not good. */
  authenticate(exchange: Exchange): Promise<void>;
  /** Everything after the key: limits, version, scopes, body, handler, answer. */
  perform(exchange: Exchange): Promise<void>;
  notFound(exchange: Exchange): void;
  methodNotAllowed(exchange: Exchange, allow: readonly string[]): void;
  /** True when the operation may be called without a key, whatever the contract's security says. */
  isOpen(operation: OperationId): boolean;
}

export type Bind = (exchange: Exchange) => Promise<void>;

/** A request as the library sees it, with what our table found. */
interface Bound extends Request {
  match?: RouteMatch;
}

export async function createBinder(matchRoute: MatchRoute, steps: Steps): Promise<Bind> {
  const backend = new OpenAPIBackend({
    definition: mutableCopy(),
    quick: true,
    strict: true,
    validate: false,
  });
  await backend.init();
  const known = new Map(backend.router.getOperations().map((operation) => [operation.operationId, operation]));

  backend.router.matchOperation = (request: Bound) => {
    const { match } = request;
    const operation = match?.found === 'operation' ? known.get(match.operation) : undefined;
    if (!operation) throw new Error(match?.found === 'other-methods' ? '405' : '404');
    return operation;
  };
  // What it would parse here is parsed by us, once, when it is needed.
  backend.router.parseRequest = (request) => ({
    ...request,
    params: {},
    cookies: {},
    query: {},
    requestBody: undefined,
  });

  backend.register({
    notFound: (_context: Context, exchange: Exchange) => steps.notFound(exchange),
    methodNotAllowed: (_context: Context, exchange: Exchange, match: RouteMatch) =>
      steps.methodNotAllowed(exchange, match.found === 'other-methods' ? match.allow : []),
    unauthorizedHandler: (context: Context) => {
      throw failureOf(context.security?.bearer);
    },
  });
  for (const operation of known.keys()) {
    if (operation) backend.register(operation, (_context: Context, exchange: Exchange) => steps.perform(exchange));
  }
  backend.registerSecurityHandler('bearer', async (_context: Context, exchange: Exchange) => {
    const { operation } = exchange;
    if (operation && steps.isOpen(operation)) return true;
    await steps.authenticate(exchange);
    return true;
  });

  // One look at the request finds a key in either place.
  backend.registerSecurityHandler('xApiKey', () => false);

  return async (exchange) => {
    const { request, path } = exchange;
    const match = matchRoute(request.method ?? 'GET', path, exchange.foreign);
    exchange.family = match.family;
    if (match.found === 'operation') {
      exchange.operation = match.operation;
      exchange.pathParameters = match.path;
    }
    const bound: Bound = { method: request.method ?? 'GET', path, headers: {}, match };
    await backend.handleRequest(bound, exchange, match);
  };
}

/** The library keeps what a security handler threw as `{ error }`. */
function failureOf(result: unknown): unknown {
  return typeof result === 'object' && result !== null && 'error' in result
    ? result.error
    : new Error('not authorized');
}

/** The library writes into the document it is given. */
function mutableCopy(): Document {
  return JSON.parse(JSON.stringify(openApiDocument));
}
