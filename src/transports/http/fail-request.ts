import { type OperationId, operations } from '../../../generated/operations.ts';
import { type GatewayError, toGatewayError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import { toProblem } from '../../handlers/to-problem.ts';
import type { Conformance } from '../../versions/conformance.ts';
import type { Shape } from '../../versions/contract.ts';
import type { Cors } from './cors.ts';
import type { Exchange } from './exchange.ts';
import { leavesLittle, writeBeforeRest } from './rest-of-request.ts';
import { writeAnswer } from './write-answer.ts';

/** Answers a failure in the shape of the request's version, if there is still something to answer with. */
export type Fail = (exchange: Exchange, thrown: unknown, extra?: readonly string[]) => void;

export interface FailParts {
  conformance: Conformance;
  clock: Clock;
  log: Log;
  cors: Cors;
}

export function createFail({ conformance, clock, log, cors }: FailParts): Fail {
  function fail(exchange: Exchange, thrown: unknown, extra: readonly string[] = []): void {
    const error = toGatewayError(thrown);
    logFailure(exchange, error);
    const { request, response, version, operation } = exchange;
    if (error.code === 'CLIENT_CLOSED' || response.destroyed) return void response.destroy();
    // After the head nothing can be said any more, and a cut is what a client without its terminal event expects.
    if (response.headersSent) return void response.destroy();
    exchange.tokens ??= error.tokens;
    const failure = toFailure(exchange, error);
    if (operation) checkFailure(exchange.foreign ?? version, operation, failure);
    const headers = [...cors.headers(request), ...extra, ...failure.headers, 'Cache-Control', 'no-store'];
    // Ours names a time with every 429. A vendor's client would come back then, for nothing.
    const comesBack = error.retryable || !exchange.foreign;
    if (comesBack && error.retryAfter !== undefined) headers.push('Retry-After', String(error.retryAfter));
    if (error.code === 'UNAUTHORIZED') headers.push('WWW-Authenticate', 'Bearer');
    const { status, contentType } = failure;
    const answer = { status, contentType, text: JSON.stringify(failure.body) };
    // What did not come in time is not waited for once more.
    if (error.code !== 'REQUEST_TIMEOUT' && leavesLittle(request)) writeAnswer(exchange, { ...answer, headers });
    else void writeBeforeRest(exchange, { ...answer, headers }, clock);
  }

  function checkFailure(shape: Shape, operation: OperationId, { status, contentType, body }: Failure): void {
    // Another version may have what was looked for.
    if (!operations[shape.date][operation]) return;
    try {
      conformance.answer(shape, operation, status, contentType, body);
    } catch {
      // It is in the log and in the report. Who waits for an answer gets this one rather than none.
    }
  }

  function logFailure(exchange: Exchange, error: GatewayError): void {
    const fields = { requestId: exchange.requestId, operation: exchange.operation, code: error.code };
    if (error.code === 'INTERNAL') log.error({ ...fields, error: error.cause }, 'a request failed');
    else if (error.entry.status >= 500) log.warn({ ...fields, error: error.cause }, 'a request failed');
    else log.debug({ ...fields, detail: error.message }, 'a request was refused');
  }

  return fail;
}

interface Failure {
  status: number;
  contentType: string;
  body: object;
  /** Name, value, name, value. */
  headers: readonly string[];
}

/** An error in the words of whoever asked. */
function toFailure({ foreign, version, requestId, operation }: Exchange, error: GatewayError): Failure {
  if (foreign) return { contentType: 'application/json', ...foreign.failure(error, { requestId, operation }) };
  const problem = toProblem(error, requestId);
  return { status: problem.status, contentType: version.problemType, body: version.problem(problem), headers: [] };
}
