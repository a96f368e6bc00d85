/**
 * Holds an answer that a client got against the contract: is the status documented for that operation, is the content
 * type, does the body fit the closed schema of the version that the answer names, are the headers there that every
 * answer of its kind has. All clients in `test/support` hand whatever they receive to it.
 */
import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { errors } from '../../generated/errors.ts';
import { type ApiVersion, type OperationId, operations } from '../../generated/operations.ts';
import { dates, failure, isDate, operationAt, said } from './contract.ts';
import { foreignAt, observeForeign } from './foreign.ts';
import { observeStream } from './observe-event.ts';

export interface Answer {
  method: string;
  /** As it stood in the request line. */
  target: string;
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Refused by the parser, before anybody could know what was asked for. */
  unparsed?: boolean;
}

/** Answers seen so far, as `2026-03-01 createChat 200`. */
export const seenAnswers = new Set<string>();
/** Codes of failures seen so far in HTTP answers. */
export const seenCodes = new Set<string>();

export function observeAnswer(answer: Answer): void {
  const name = `${answer.method} ${answer.target.slice(0, 80)} → ${answer.status}`;
  try {
    // A target may be a whole address.
    observe({ ...answer, target: answer.target.replace(/^https?:\/\/[^/?]*/i, '') });
  } catch (error) {
    throw new Error(`${name} is outside the contract: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

function observe(answer: Answer): void {
  const { method, target, status, headers } = answer;
  assert.match(String(headers['x-request-id']), /^[A-Za-z0-9._:-]{1,128}$/, 'X-Request-Id');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  // Nothing stands behind a preflight.
  if (method === 'OPTIONS' && status === 204) return;
  assert.ok(headers['cache-control'], 'Cache-Control is missing');
  const foreign = foreignAt(target);
  if (foreign) {
    checkLimit(answer, status !== 404 && status !== 405);
    observeForeign(foreign, answer);
    return;
  }
  const date = versionOf(answer);
  const operation = answer.unparsed || status === 410 ? undefined : operationAt(date, method, target);
  const type = (headers['content-type'] ?? '').split(';')[0] ?? '';
  const body = method === 'HEAD' ? undefined : bodyOf(type, answer.text);

  if (operation) checkOperation(answer, date, operation, type, body);
  else checkUnbound(answer, date, type, body);
  if (type === 'text/event-stream' && answer.text !== '') observeStream(date, answer.text);
  checkLimit(answer, operation && operations[date][operation]?.open === false);
  if (status === 401) assert.equal(headers['www-authenticate'], 'Bearer');
  if (status === 405) assert.match(headers.allow ?? '', /^[A-Z]+(, [A-Z]+)*$/, 'Allow');
  if (status >= 400 && body !== undefined && type !== 'text/event-stream') checkFailure(answer, date, operation, body);
  seenAnswers.add(`${date} ${operation ?? 'none'} ${status}`);
}

function versionOf({ target, headers, unparsed }: Answer): ApiVersion {
  const named = headers['x-api-version'];
  if (unparsed && named === undefined) return dates[0] ?? '2026-03-01';
  if (!target.startsWith('/api/')) {
    assert.equal(named, undefined, 'X-API-Version outside /api');
    return dates[0] ?? '2026-03-01';
  }
  assert.ok(isDate(named), `X-API-Version is ${named}`);
  return named;
}

function bodyOf(type: string, text: string): unknown {
  return /[/+]json$/.test(type) ? JSON.parse(text) : text;
}

function checkOperation({ status }: Answer, date: ApiVersion, operation: OperationId, type: string, body: unknown) {
  const types = said[date].answers[operation]?.[String(status)];
  assert.ok(types, `${operation} has no answer ${status} in ${date}`);
  if (Object.keys(types).length === 0) return assert.equal(type, '', `${operation} ${status} has no body`);
  assert.ok(Object.hasOwn(types, type), `${operation} ${status} is never ${type || 'without a type'}`);
  const validate = types[type];
  if (body !== undefined && validate && !validate(body)) {
    assert.fail(`${operation} ${status}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(body)}`);
  }
}

/** Where no operation is met, or one that another version has, only failures of these kinds are to be seen. */
function checkUnbound({ status, target, unparsed }: Answer, date: ApiVersion, type: string, body: unknown): void {
  const elsewhere = dates.some((other) => ['GET', 'POST', 'DELETE'].some((one) => operationAt(other, one, target)));
  const allowed = unparsed ? [400, 408, 431] : elsewhere ? [400, 401, 404, 405, 410, 429] : [404, 405];
  assert.ok(allowed.includes(status), `${status} where there is no operation`);
  assert.equal(type, failure[date].type);
  if (body === undefined) return;
  assert.ok(
    failure[date].validate(body),
    `${JSON.stringify(failure[date].validate.errors)} in ${JSON.stringify(body)}`,
  );
}

function checkLimit({ status, headers }: Answer, isLimited: boolean | undefined): void {
  const given = ['limit', 'remaining', 'reset'].map((name) => headers[`x-ratelimit-${name}`]);
  const count = given.filter((value) => value !== undefined).length;
  assert.ok(count === 0 || count === 3, `X-RateLimit-* are not all there: ${given}`);
  // Who failed to authenticate has no limit, and where counting itself fails there is nothing to tell.
  if (isLimited && ![401, 429, 500, 503].includes(status)) assert.equal(count, 3, 'X-RateLimit-* are missing');
  if (count === 0) return;
  const [limit = NaN, remaining = NaN, reset = NaN] = given.map(Number);
  assert.ok([limit, remaining, reset].every(Number.isSafeInteger), `X-RateLimit-* are no numbers: ${given}`);
  assert.ok(limit >= 1 && remaining >= 0 && remaining <= limit, `X-RateLimit-*: ${given}`);
}

function checkFailure(
  { status, headers, text }: Answer,
  date: ApiVersion,
  operation: string | undefined,
  body: unknown,
) {
  assert.ok(!/node:internal|\.[jt]s:\d+|node_modules|SQLITE/.test(text), `it tells of the inside: ${text}`);
  if (operation === 'getReadiness') return;
  // The schema of its version has just been proved.
  const shown = (date === '2026-03-01' ? (body as { error: Failure }).error : body) as Failure;
  seenCodes.add(shown.code);
  const entry = Object.entries(errors).find(([code]) => code === shown.code)?.[1];
  assert.ok(entry, `${shown.code} is not in the catalogue`);
  assert.equal(entry.status, status, `${shown.code} has another status`);
  const retryAfter = headers['retry-after'];
  assert.equal(retryAfter, shown.retryAfter === undefined ? undefined : String(shown.retryAfter), 'Retry-After');
  if (status === 429 || status === 503) assert.match(retryAfter ?? '', /^[1-9]\d*$/, 'Retry-After');
  if (date === '2026-03-01') return;
  assert.equal(shown.requestId, headers['x-request-id']);
  assert.equal(shown.status, status);
  // A request that fits into no window is as little to be tried again as one that fits into no budget.
  const isForGood = shown.code === 'RATE_LIMITED' && / in a whole minute\./.test(shown.detail ?? '');
  assert.equal(shown.retryable, entry.retryable && !isForGood);
}

interface Failure {
  code: string;
  retryAfter?: number;
  requestId?: string;
  status?: number;
  retryable?: boolean;
  detail?: string;
}
