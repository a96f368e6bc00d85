/**
 * Requests that are nearly right: made from the contract's schemas, then spoilt in some place or not at all. They come
 * as bytes, because much of what goes wrong is nothing that an HTTP library would send.
 */
import fc, { type Arbitrary } from 'fast-check';
import type { DocumentName, Operation, OperationId } from '../../generated/operations.ts';
import { arbitraryBody, spoiltText } from './arbitrary-body.ts';
import { dates, everyOperation } from './contract.ts';
import { everyForeignOperation } from './foreign.ts';

export interface FuzzRequest {
  /** Method and target, as in the request line. */
  line: string;
  headers: Record<string, string>;
  body: string | Uint8Array;
  /** What it is signed for when it is sent, because signatures are over the time as well. */
  signedFor?: OperationId;
}

/** Stands in headers for a key that is good, so that requests can be kept. */
export const keyMark = '{{key}}';

const everyOne = [...everyOperation, ...everyForeignOperation];

/** The models that the contract's examples name, answered by what needs nobody. */
export const exampleRoutes = Object.fromEntries(
  ['gpt-4o', 'claude-sonnet-4-5', 'text-embedding-3-small'].map((model) => [model, ['echo/echo']]),
);

export function arbitraryRequest(known: readonly string[]): Arbitrary<FuzzRequest> {
  return fc.oneof(
    ...everyOne.map((listed) => ({ arbitrary: requestOf(listed, known), weight: weightOf(listed.rules) })),
  );
}

/** Bodies are where most can go wrong. */
function weightOf({ requestBody }: Operation): number {
  return requestBody ? 12 : 1;
}

function requestOf({ date, id, rules }: (typeof everyOne)[number], known: readonly string[]): Arbitrary<FuzzRequest> {
  return fc
    .record({
      method: rarely(
        fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE'),
        rules.method,
      ),
      path: pathOf(date, rules, known),
      query: queryOf(rules),
      headers: headersOf(date, rules),
      body: rules.requestBody ? arbitraryBody(date, id) : rarely(spoiltText(fc.constant('{"a":1}')), ''),
      isForged: rarely(fc.constant(true), false),
    })
    .map(({ method, path, query, headers, body, isForged }) => ({
      line: `${method} ${path}${query}`,
      headers,
      body,
      ...(rules.rawBody && !isForged ? { signedFor: id } : {}),
    }));
}

/** Mostly the usual. */
function rarely<Value, Usual>(rare: Arbitrary<Value>, usual: Usual, weight = 12): Arbitrary<Value | Usual> {
  return fc.oneof({ arbitrary: fc.constant(usual), weight }, { arbitrary: rare, weight: 1 });
}

function pathOf(date: DocumentName, { path }: Operation, known: readonly string[]): Arbitrary<string> {
  const [before = '', after] = path.split(/\{\w+\}/);
  const named = after === undefined ? fc.constant(path) : nameOf(known).map((name) => `${before}${name}${after}`);
  const family = fc.constantFrom(`/${before.split('/')[2] ?? ''}/`, '/', '/v1/', '/v2/', '/v3/', '//', '/v1/v1/');
  const versioned = path.startsWith('/api/')
    ? fc
        .tuple(named, rarely(family, undefined, 4))
        .map(([whole, other]) => (other ? whole.replace(/\/v\d\//, other) : whole))
    : named;
  const odd = fc.constantFrom('/', '/.', '/..', '%00', '%ff', '%zz', ';a=b', '/%2e%2e/x', '#x', '\\', '//x', '/x/y');
  return date ? fc.tuple(versioned, rarely(odd, '', 20)).map(([whole, end]) => whole + end) : versioned;
}

function nameOf(known: readonly string[]): Arbitrary<string> {
  const odd = fc.oneof(
    fc.constantFrom('__proto__', 'constructor', '%2e%2e', '%00', 'a%2fb', '%F0%9F%98%80', '.', '-', 'a'.repeat(129)),
    fc.string({ maxLength: 20 }).map(encodeURIComponent),
  );
  return fc.oneof({ arbitrary: fc.constantFrom(...known), weight: 4 }, { arbitrary: odd, weight: 1 });
}

function queryOf({ parameters }: Operation): Arbitrary<string> {
  const name = fc.constantFrom(...parameters.query, 'limit', 'cursor', 'version', '__proto__', 'x');
  const value = fc.oneof(
    fc.constantFrom(
      '1',
      '1000',
      '1001',
      '0',
      '-1',
      '1e2',
      'NaN',
      '',
      '2026-03-01',
      '2026-11-01',
      '2020-01-01',
      '%',
      '%00',
      '+',
    ),
    fc.string({ maxLength: 20 }).map(encodeURIComponent),
    fc.base64String({ maxLength: 40 }),
  );
  const pairs = fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 3 });
  return rarely(
    pairs.map((list) => `?${list.map(([left, right]) => `${left}=${right.replaceAll(/[^!-~]/g, '')}`).join('&')}`),
    '',
    parameters.query.length > 0 ? 1 : 8,
  );
}

function headersOf(date: DocumentName, { requestBody, idempotent }: Operation): Arbitrary<Record<string, string>> {
  const token = fc.constantFrom(
    '',
    'Bearer',
    'Bearer x',
    `bearer  ${keyMark}`,
    `Basic ${keyMark}`,
    `Bearer ${keyMark} x`,
  );
  const type = fc.constantFrom(
    '',
    'text/plain',
    'application/json; charset=utf-8',
    'application/json;charset=latin1',
    'APPLICATION/JSON',
  );
  const version = fc.constantFrom<string>(...dates, date, '2020-01-01', '2026-3-1', '', 'v1', 'x'.repeat(300));
  return fc
    .record({
      Authorization: rarely(token, `Bearer ${keyMark}`, 20),
      'Content-Type': rarely(type, requestBody ? 'application/json' : undefined, 20),
      'x-api-key': rarely(fc.constantFrom(keyMark, 'x', ''), undefined),
      'X-API-Version': rarely(version, undefined, 6),
      'Idempotency-Key': rarely(headerText(300), undefined, idempotent === 'key' ? 2 : 20),
      'X-Request-Id': rarely(headerText(140), undefined, 8),
      Accept: rarely(fc.constantFrom('text/event-stream', '*/*', 'text/html', ';'), undefined, 8),
      'Content-Encoding': rarely(fc.constantFrom('gzip', 'identity', 'br'), undefined, 40),
      Origin: rarely(fc.constantFrom('https://evil.example', 'null', ''), undefined, 20),
      Expect: rarely(fc.constantFrom('100-continue', 'a-miracle'), undefined, 40),
    })
    .map((headers) =>
      Object.fromEntries(
        Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
    );
}

function headerText(maxLength: number): Arbitrary<string> {
  return fc.string({ maxLength }).map((text) => text.replaceAll(/[^ -~]/g, '').trim());
}
