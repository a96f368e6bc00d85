/**
 * The way of a request: key → limits → version → scopes → body → handler → answer. Everything that fails on it is an error of the
 * catalogue in the shape of the request's version; the cause goes to the log and never to the client.
 */
import { type Operation, type OperationId, operations } from '../../../generated/operations.ts';
import { DeadlineSweep } from '../../core/deadline-sweep.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Gateway } from '../../core/gateway.ts';
import type { Admission } from '../../core/limits.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import { hasScopes, type Principal } from '../../core/principal.ts';
import type { Context, Handlers, Input, Sent } from '../../handlers/handler.ts';
import type { Conformance } from '../../versions/conformance.ts';
import type { Contract, Shape } from '../../versions/contract.ts';
import { usedMembers } from '../../versions/deprecations.ts';
import type { Negotiate } from '../../versions/negotiate.ts';
import type { Version } from '../../versions/version.ts';
import { createAuthenticate } from './authenticate.ts';
import type { Steps } from './binder.ts';
import type { Cors } from './cors.ts';
import { deprecationHeaders } from './deprecation-headers.ts';
import type { Exchange } from './exchange.ts';
import { createFail, type Fail } from './fail-request.ts';
import { idempotencyOf } from './idempotency-key.ts';
import { type Body, readJsonBody } from './read-body.ts';
import { receiveWebhook } from './receive-webhook.ts';
import { replyOf } from './reply.ts';
import { RequestDeadline } from './request-deadline.ts';
import { streamAnswer } from './stream-answer.ts';
import { cacheControl, writeAnswer, writeNothing } from './write-answer.ts';
import { writeText } from './write-text.ts';

export interface ServeParts {
  gateway: Gateway;
  handlers: Handlers;
  contract: Contract;
  conformance: Conformance;
  negotiate: Negotiate;
  defaultVersion: Version;
  clock: Clock;
  log: Log;
  cors: Cors;
  /** What handlers get beside gateway, principal and signal. */
  services: Pick<Context, 'documents' | 'metrics' | 'conformance' | 'now'>;
  /** Operations that the operator opened to everybody. */
  opened: ReadonlySet<OperationId>;
  /** The most that reading, verifying and storing a webhook may take; the contract's own bound holds too. */
  webhookTimeoutMs: number;
  pageHeaders: readonly string[];
}

/** Of a deadline that the contract gives in seconds. */
const lateAtMostMs = 100;

const nobody: Principal = { user: 'nobody', scopes: [], limits: { requestsPerMinute: 1 }, account: 'nobody' };

export interface Serve extends Steps {
  fail: Fail;
}

export function createServe(parts: ServeParts): Serve {
  const { gateway, contract, conformance, clock, cors } = parts;
  const sweep = new DeadlineSweep(clock, lateAtMostMs);
  const fail = createFail(parts);

  async function perform(exchange: Exchange): Promise<void> {
    const { principal, operation } = exchange;
    if (!operation) throw new Error('nothing to perform');
    const admitting = principal && gateway.limits.admit(principal);
    const rules = accept(exchange, operation, admitting instanceof Promise ? await admitting : admitting);
    if (rules.rawBody) return receive(exchange, operation, rules);
    const deadline = new RequestDeadline(exchange.abort, rules, clock.now());
    sweep.watch(deadline);
    try {
      const query = readQuery(exchange, operation);
      const reading = rules.requestBody && readJsonBody(exchange.request, rules.bodyLimit, clock);
      const body = reading instanceof Promise ? await reading : reading;
      const input = toInput(exchange, operation, rules, query, body);
      noteUse(exchange, operation, body);
      const sent = call(parts.handlers, operation, contextOf(exchange, rules, body), input);
      const answering = answer(exchange, operation, sent instanceof Promise ? await sent : sent);
      if (answering) await answering;
    } finally {
      sweep.forget(deadline);
    }
  }

  /** What can be said without the body. Throws what refuses the request. */
  function accept(exchange: Exchange, operation: OperationId, admission: Admission | undefined): Operation {
    exchange.limit = admission;
    if (exchange.versioned) chooseVersion(exchange, operation);
    if (admission?.refusal) throw admission.refusal;
    const rules = rulesOf(exchange.foreign ?? exchange.version, operation);
    if (!gateway.status.ready() && !rules.open && operation !== 'getDetailedHealth') {
      throw new GatewayError('SHUTTING_DOWN', 'The gateway is shutting down. Try again in a moment.');
    }
    requireScopes(exchange.principal ?? nobody, rules);
    return rules;
  }

  function contextOf(exchange: Exchange, rules: Operation, body: Body | undefined): Context {
    const { principal = nobody, abort: signal, request } = exchange;
    const { documents, metrics, conformance: conforms, now } = parts.services;
    const context: Context = { gateway, principal, signal, documents, metrics, conformance: conforms, now };
    const idempotency = idempotencyOf(exchange, rules, body);
    if (idempotency) context.idempotency = idempotency;
    if (request.headers.accept !== undefined) context.accept = request.headers.accept;
    if (body) context.source = { bytes: body.bytes, headers: request.headers };
    return context;
  }

  /** A webhook has no key and no version: its sender signs it, and is answered in words of its own. */
  async function receive(exchange: Exchange, operation: OperationId, rules: Operation): Promise<void> {
    const { abort: signal } = exchange;
    const withinMs = Math.min(rules.timeoutMs, parts.webhookTimeoutMs);
    const { raw } = await receiveWebhook(exchange, rules, clock, withinMs, async (webhook) => {
      const context: Context = { gateway, principal: nobody, signal, ...parts.services, webhook };
      return call(parts.handlers, operation, context, { path: {}, query: {}, body: undefined });
    });
    if (!raw) throw new Error('a webhook was not answered in its own words');
    const known = rules.answers[String(raw.status)] ?? [];
    if (raw.status === 204) return writeNothing(exchange, ['Cache-Control', 'no-store']);
    // Where the contract lets a platform hear nothing, it hears nothing.
    const contentType = raw.contentType ?? (known.includes('text/plain') ? 'text/plain' : 'application/json');
    const [media = contentType] = contentType.split(';');
    const text = raw.body ?? (media === 'application/json' ? '{}' : '');
    const body: unknown = media === 'application/json' ? JSON.parse(text) : text;
    conformance.answer(exchange.version, operation, raw.status, media, body);
    writeAnswer(exchange, { status: raw.status, contentType, text, headers: ['Cache-Control', 'no-store'] });
  }

  function chooseVersion(exchange: Exchange, operation: OperationId): void {
    const pin = exchange.principal?.apiVersion;
    try {
      exchange.version = parts.negotiate({ family: exchange.family, header: versionHeader(exchange), pin });
    } catch (error) {
      // A version that is over has no operations any more.
      if (error instanceof GatewayError && error.code === 'GONE') exchange.operation = undefined;
      throw error;
    }
    exchange.notices = deprecationHeaders(exchange.version, operation, []);
  }

  /** Who still uses what is counted, and a request that uses what will end is told so. */
  function noteUse(exchange: Exchange, operation: OperationId, body: Body | undefined): void {
    const { version, principal, foreign } = exchange;
    if (foreign) return;
    const members = body ? usedMembers(version, operation, body.json) : [];
    if (members.length > 0) exchange.notices = deprecationHeaders(version, operation, members);
    if (principal && exchange.versioned) gateway.versionUse.count(principal, version.date, operation, members);
  }

  /** Looked at before the body is waited for. */
  function readQuery(exchange: Exchange, operation: OperationId): object {
    const { version, foreign, pathParameters, search } = exchange;
    const shape = foreign ?? version;
    const query = search === '' ? {} : parseQuery(search, foreign && rulesOf(shape, operation).parameters.query);
    contract.checkParameters(shape, operation, pathParameters, query);
    return query;
  }

  function toInput(
    { version, foreign, pathParameters }: Exchange,
    operation: OperationId,
    { requestBody }: Operation,
    query: object,
    body: Body | undefined,
  ): { path: object; query: object; body: unknown } {
    if (!body && requestBody?.required) throw missingBody();
    if (body) contract.checkBody(foreign ?? version, operation, body.json, body.bytes.length);
    const newest = body && (foreign ? body.json : version.request(operation, body.json));
    return { path: pathParameters, query, body: newest };
  }

  /** A promise only where the answer is longer than a moment. */
  function answer(exchange: Exchange, operation: OperationId, sent: Sent<OperationId>): Promise<void> | undefined {
    const { version, foreign } = exchange;
    exchange.by = sent.by;
    exchange.tokens = sent.tokens;
    const headers = [...cors.headers(exchange.request), ...(sent.replayed ? ['Idempotent-Replayed', 'true'] : [])];
    if (sent.run) return streamAnswer(exchange, sent.run, { clock, conformance }, headers);
    if (sent.text) return writeText(exchange, sent.text, clock, headers);
    const shape = foreign ?? version;
    const rules = rulesOf(shape, operation);
    const contentType = rules.answers[String(sent.status)]?.[0] ?? 'application/json';
    headers.push('Cache-Control', cacheControl(operation, rules.open));
    const isText = typeof sent.body === 'string';
    const body = isText || foreign ? sent.body : version.answer(operation, sent.body, clock.now());
    conformance.answer(shape, operation, sent.status, contentType, body);
    writeAnswer(exchange, {
      status: sent.status,
      contentType: contentType.startsWith('text/') ? `${contentType}; charset=utf-8` : contentType,
      text: typeof sent.body === 'string' ? sent.body : JSON.stringify(body),
      headers: contentType === 'text/html' ? [...headers, ...parts.pageHeaders] : headers,
    });
    return undefined;
  }

  return {
    authenticate: createAuthenticate(gateway),
    perform,
    isOpen: (operation) => parts.opened.has(operation),
    notFound(exchange) {
      throw new GatewayError('NOT_FOUND', 'There is nothing here.', { cause: exchange.path });
    },
    methodNotAllowed(exchange, allow) {
      const error = new GatewayError('METHOD_NOT_ALLOWED', `The path takes ${allow.join(', ')}.`);
      fail(exchange, error, ['Allow', allow.join(', ')]);
    },
    fail,
  };
}

/** One generic call keeps handler, input and reply of one operation together for the compiler. */
function call<Id extends OperationId>(
  handlers: Handlers,
  operation: Id,
  context: Context,
  input: { path: object; query: object; body: unknown },
): Promise<Sent<Id>> | Sent<Id> {
  // The generated validators have just held path, query and body against the contract.
  return handlers[operation](context, input as Input<Id>, replyOf(operation));
}

function rulesOf({ date }: Shape, operation: OperationId): Operation {
  const rules = operations[date][operation];
  if (!rules) throw new GatewayError('NOT_FOUND', `Version ${date} does not have this.`);
  return rules;
}

function requireScopes(principal: Principal, { scopes }: Operation): void {
  if (hasScopes(principal, scopes)) return;
  throw new GatewayError('FORBIDDEN', `The key lacks the scope \`${scopes.join('`, `')}\`.`);
}

export function versionHeader(exchange: Exchange): string | undefined {
  const header = exchange.request.headers['x-api-version'];
  return Array.isArray(header) ? header.join(', ') : header;
}

/** A vendor passes over parameters that it does not know, and its clients send some of their own (`?beta=true`). */
function parseQuery(search: string, known: readonly string[] | undefined): object {
  const all = [...new URLSearchParams(search)];
  return Object.fromEntries(known ? all.filter(([name]) => known.includes(name)) : all);
}

function missingBody(): GatewayError {
  const fault = { pointer: '', message: 'must be there' };
  return new GatewayError('INVALID_REQUEST', 'The body must be there.', { faults: [fault] });
}
