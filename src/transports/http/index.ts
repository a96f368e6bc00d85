/**
 * HTTP: an Express application that hands every request to the operation the contract names. What the operations do is in
 * `handlers`, what older versions look like in `versions`; here is only what HTTP itself asks for.
 */
import { createServer, type Server } from 'node:http';
import express from 'express';
import type { OperationId } from '../../../generated/operations.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Gateway } from '../../core/gateway.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Metrics } from '../../core/ports/metrics.ts';
import type { Random } from '../../core/ports/random.ts';
import { createDocuments } from '../../handlers/documents.ts';
import type { Handlers } from '../../handlers/handler.ts';
import type { Conformance } from '../../versions/conformance.ts';
import type { Contract } from '../../versions/contract.ts';
import type { Negotiate } from '../../versions/negotiate.ts';
import type { Version } from '../../versions/version.ts';
import { createBinder } from './binder.ts';
import { createCors } from './cors.ts';
import type { Exchange } from './exchange.ts';
import { createPageHeaders } from './page-headers.ts';
import { refuseConnection } from './refuse-connection.ts';
import { createRequestIds } from './request-ids.ts';
import { createMatchRoute } from './route-match.ts';
import { createServe, versionHeader } from './serve-request.ts';

export interface HttpParts {
  gateway: Gateway;
  handlers: Handlers;
  contract: Contract;
  conformance: Conformance;
  negotiate: Negotiate;
  versions: readonly Version[];
  defaultVersion: Version;
  clock: Clock;
  random: Random;
  log: Log;
  metrics: Metrics & { text(): Promise<string> };
}

export interface HttpSettings {
  origins: readonly string[];
  /** Opens `/health/detailed` to everybody. */
  publicHealth: boolean;
}

export async function createHttpTransport(parts: HttpParts, settings: HttpSettings): Promise<Server> {
  const { log, metrics, conformance, versions, defaultVersion } = parts;
  const cors = createCors(settings.origins);
  const requestIds = createRequestIds(parts.random);
  const serve = createServe({
    ...parts,
    cors,
    opened: new Set<OperationId>(settings.publicHealth ? ['getDetailedHealth'] : []),
    pageHeaders: createPageHeaders(),
    services: { documents: createDocuments(), metrics: () => metrics.text(), conformance },
  });
  const bind = await createBinder(createMatchRoute(versions), serve);

  function toExchange(request: express.Request, response: express.Response): Exchange {
    const url = request.url;
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    const abort = new AbortController();
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
      versioned: path.startsWith('/api/'),
      principal: undefined,
      limit: undefined,
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
    const { response, operation, version, startedAt, requestId, request } = exchange;
    if (!response.writableFinished) {
      exchange.abort.abort(new GatewayError('CLIENT_CLOSED', 'The client went away.'));
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const status = response.writableFinished ? response.statusCode : 499;
    metrics.httpRequest({ operation: operation ?? 'none', status, version: version.date }, seconds);
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
  application.disable('x-powered-by').disable('etag').set('query parser', false);
  application.use((request, response) => {
    if (cors.preflight(request, response)) return;
    const exchange = toExchange(request, response);
    presume(exchange);
    // `res`, because `req` closes as soon as its body has been read.
    response.once('close', () => finish(exchange));
    bind(exchange).catch((error: unknown) => serve.fail(exchange, error));
  });

  const server = createServer(
    {
      keepAliveTimeout: 65_000,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      connectionsCheckingInterval: 1000,
      noDelay: true,
    },
    application,
  );
  server.on('clientError', (fault: NodeJS.ErrnoException, socket) => {
    refuseConnection(fault, socket, defaultVersion, requestIds.of(undefined));
  });
  return server;
}
