/**
 * HTTP: an Express application that hands every request to the operation the contract names. What the operations do is in
 * `handlers`, what older versions look like in `versions`; here is only what HTTP itself asks for.
 */
import type * as Http from 'node:http';
import type { Duplex } from 'node:stream';
import express from 'express';
import type { OperationId } from '../../../generated/operations.ts';
import { Abort } from '../../core/abort.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Gateway } from '../../core/gateway.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Metrics } from '../../core/ports/metrics.ts';
import type { Random } from '../../core/ports/random.ts';
import type { ForeignShape } from '../../dialects/shape.ts';
import { createDocuments } from '../../handlers/documents.ts';
import type { Handlers } from '../../handlers/handler.ts';
import type { Conformance } from '../../versions/conformance.ts';
import type { Contract } from '../../versions/contract.ts';
import type { Negotiate } from '../../versions/negotiate.ts';
import type { Version } from '../../versions/version.ts';
import { createServer, IncomingMessage, ServerResponse } from '../node-http.ts';
import { createBinder } from './binder.ts';
import { createCors } from './cors.ts';
import type { Exchange } from './exchange.ts';
import { createPageHeaders } from './page-headers.ts';
import { notHttp, refuseConnection, toConnectionError } from './refuse-connection.ts';
import { createRequestIds } from './request-ids.ts';
import { createMatchRoute } from './route-match.ts';
import { createServe, versionHeader } from './serve-request.ts';
import { commonHeaders } from './write-answer.ts';

export interface HttpParts {
  gateway: Gateway;
  handlers: Handlers;
  contract: Contract;
  conformance: Conformance;
  negotiate: Negotiate;
  versions: readonly Version[];
  defaultVersion: Version;
  /** The first that serves a path answers it. */
  foreign: readonly ForeignShape[];
  clock: Clock;
  random: Random;
  log: Log;
  metrics: Metrics & { text(): Promise<string> };
}

export interface HttpSettings {
  origins: readonly string[];
  /** Opens `/health/detailed` to everybody. */
  publicHealth: boolean;
  webhookTimeoutMs: number;
}

export async function createHttpTransport(parts: HttpParts, settings: HttpSettings): Promise<Http.Server> {
  const { log, metrics, conformance, versions, defaultVersion } = parts;
  const cors = createCors(settings.origins);
  const requestIds = createRequestIds(parts.random);
  const serve = createServe({
    ...parts,
    cors,
    webhookTimeoutMs: settings.webhookTimeoutMs,
    opened: new Set<OperationId>(settings.publicHealth ? ['getDetailedHealth'] : []),
    pageHeaders: createPageHeaders(),
    services: {
      documents: createDocuments(),
      metrics: () => metrics.text(),
      conformance,
      now: () => parts.clock.now(),
    },
  });
  const bind = await createBinder(createMatchRoute(versions, parts.foreign), serve);

  /** The last of each connection. */
  const current = new WeakMap<Duplex, Exchange>();

  function toExchange(request: express.Request, response: express.Response): Exchange {
    // A target may be a whole address (RFC 9112, section 3.2.2).
    const url = request.url.startsWith('/') ? request.url : request.url.replace(/^https?:\/\/[^/?]*/i, '');
    const mark = url.indexOf('?');
    const path = oneVersion(mark === -1 ? url : url.slice(0, mark));
    const abort = new Abort();
    return {
      request,
      response,
      requestId: requestIds.of(request.headers['x-request-id']),
      startedAt: performance.now(),
      path,
      search: mark === -1 ? '' : url.slice(mark + 1),
      family: undefined,
      operation: undefined,
      pathParameters: {},
      version: defaultVersion,
      foreign: parts.foreign.find((shape) => shape.serves(path)),
      by: undefined,
      tokens: undefined,
      versioned: path.startsWith('/api/'),
      principal: undefined,
      limit: undefined,
      notices: [],
      abort,
    };
  }

  function presume(exchange: Exchange): void {
    if (!exchange.versioned) return;
    const family = /^\/api\/(v\d+)(\/|$)/.exec(exchange.path)?.[1];
    try {
      exchange.version = parts.negotiate({ family, header: versionHeader(exchange) });
    } catch {
      // Where no version applies, the default one's shape is used; the error itself comes after the key.
    }
  }

  function finish(exchange: Exchange): void {
    const { response, operation, version, foreign, startedAt, requestId, request } = exchange;
    if (!response.writableFinished) {
      exchange.abort.abort(new GatewayError('CLIENT_CLOSED', 'The client went away.'));
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const status = response.writableFinished ? response.statusCode : 499;
    metrics.httpRequest({ operation: operation ?? 'none', status, version: (foreign ?? version).date }, seconds);
    log.info(
      {
        requestId,
        method: request.method,
        operation,
        status,
        ms: Math.round(seconds * 1e4) / 10,
        keyId: exchange.principal?.keyId,
      },
      'request',
    );
  }

  const application = express();
  const shapes = shapesOf(application);
  application.disable('x-powered-by').disable('etag').set('query parser', false);
  application.use((request, response) => {
    const exchange = toExchange(request, response);
    current.set(request.socket, exchange);
    presume(exchange);
    // `res`, because `req` closes as soon as its body has been read.
    response.on('close', () => finish(exchange));
    const grant = cors.preflight(request);
    if (grant) response.writeHead(204, commonHeaders(exchange, grant)).end();
    else if (lacksHost(request)) serve.fail(exchange, notHttp('must name its host'));
    else bind(exchange);
  });

  const server = createServer(
    {
      ...shapes,
      keepAliveTimeout: 65_000,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      connectionsCheckingInterval: 1000,
      noDelay: true,
      // Refused here instead, where the refusal has the contract's shape.
      requireHostHeader: false,
      // What else a client would like to speak (`curl --http2` asks for h2c) is no reason not to answer it.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    application,
  );
  // By itself Node answers an expectation it does not know with a bare 417. One may also be passed over (RFC 9110, 10.1.1).
  server.on('checkExpectation', application);
  server.on('connect', (_request, socket) => {
    refuseConnection(
      new GatewayError('NOT_FOUND', 'This is no proxy.'),
      socket,
      defaultVersion,
      requestIds.of(undefined),
    );
  });
  server.on('clientError', (fault: NodeJS.ErrnoException, socket) => {
    const error = toConnectionError(fault.code);
    const exchange = current.get(socket);
    const isAnswered = !exchange || exchange.response.writableFinished;
    if (!error) socket.destroy();
    else if (isAnswered) refuseConnection(error, socket, defaultVersion, requestIds.of(undefined));
    // What came behind a request that is being answered cannot be answered before it.
    else if (exchange.request.complete) exchange.response.once('finish', () => socket.end());
    // Who hangs up in the middle of a request has gone.
    else if (fault.code === 'HPE_INVALID_EOF_STATE') socket.destroy();
    else serve.fail(exchange, error);
  });
  return server;
}

/**
 * Requests and responses that are Express's from birth. By itself Express gives each of Node's another prototype, which costs
 * more than all of its routing.
 */
function shapesOf(application: express.Express): Pick<Http.ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class Request extends IncomingMessage {}
  class Response<Asked extends Http.IncomingMessage = Http.IncomingMessage> extends ServerResponse<Asked> {}
  Object.setPrototypeOf(Request.prototype, application.request);
  Object.setPrototypeOf(Response.prototype, application.response);
  Object.assign(application, { request: Request.prototype, response: Response.prototype });
  return { IncomingMessage: Request, ServerResponse: Response };
}

/** Some vendors' clients have `/v1` in their base URL and others add it: whatever was given, it is meant once. */
function oneVersion(path: string): string {
  if (path.startsWith('/v1/v1/')) return path.slice(3);
  if (path.startsWith('/v1/') || path.startsWith('/api/')) return path;
  return withoutVersion.test(path) ? `/v1${path}` : path;
}

const withoutVersion = /^\/(?:chat\/completions|responses|embeddings|models|messages)(?:\/|$)/;

/** RFC 9112, section 3.2. */
function lacksHost({ httpVersion, headers }: Http.IncomingMessage): boolean {
  return headers.host === undefined && httpVersion === '1.1';
}
