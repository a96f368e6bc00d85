import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'yaml';
import { type ErrorEntry, errors } from '../../generated/errors.ts';
import {
  type ErrorCode,
  GatewayError,
  ProviderError,
  type ProviderFault,
  toGatewayError,
} from '../../src/core/errors.ts';
import { fromRunError, toRunError } from '../../src/core/run-error.ts';
import { toProblem } from '../../src/handlers/to-problem.ts';

const schema: { enum: string[]; 'x-errors': Record<string, ErrorEntry> } = parse(
  readFileSync(new URL('../../openapi/schemas/ErrorCode.yaml', import.meta.url), 'utf8'),
);
const catalogue: Record<string, ErrorEntry> = errors;

describe('the catalogue of errors', () => {
  it('is the contract’s, code by code', () => {
    assert.deepEqual(catalogue, schema['x-errors']);
    assert.deepEqual(Object.keys(catalogue).toSorted(), schema.enum.toSorted());
  });

  it('has what the protocol names, under its status', () => {
    const statuses: Record<number, string> = {
      400: 'INVALID_REQUEST UNSUPPORTED_API_VERSION VERSION_CONFLICT UNSUPPORTED_PARAMETER CONTEXT_TOO_LONG',
      401: 'UNAUTHORIZED',
      403: 'FORBIDDEN',
      404: 'NOT_FOUND SESSION_NOT_FOUND MODEL_NOT_FOUND',
      405: 'METHOD_NOT_ALLOWED',
      408: 'REQUEST_TIMEOUT',
      409: 'CONFLICT INVALID_SESSION SESSION_CLOSED',
      410: 'GONE',
      413: 'PAYLOAD_TOO_LARGE',
      415: 'UNSUPPORTED_MEDIA_TYPE',
      422: 'IDEMPOTENCY_MISMATCH',
      429: 'RATE_LIMITED BUDGET_EXCEEDED',
      431: 'HEADERS_TOO_LARGE',
      499: 'CLIENT_CLOSED',
      500: 'INTERNAL',
      502: 'PROVIDER_ERROR',
      503: 'INTERRUPTED STORE_UNAVAILABLE PROVIDER_UNAVAILABLE SHUTTING_DOWN',
      504: 'PROVIDER_TIMEOUT',
    };
    for (const [status, codes] of Object.entries(statuses)) {
      for (const code of codes.split(' ')) assert.equal(catalogue[code]?.status, Number(status), code);
    }
  });

  it('says when to come back for every 429 and 503', () => {
    for (const code of Object.keys(errors).filter(isCode)) {
      const error = new GatewayError(code, 'why');
      const isBusy = error.entry.status === 429 || error.entry.status === 503;
      assert.equal(error.retryAfter, isBusy ? 1 : undefined, code);
    }
  });
});

describe('a failure that was kept', () => {
  for (const retryable of [true, false]) {
    it(`comes back as it was, retryable or not: ${retryable}`, () => {
      const error = new GatewayError('RATE_LIMITED', 'Later.', { retryable, retryAfter: 7 });
      const { code, message, retryAfter, retryable: still } = fromRunError(toRunError(error));
      assert.deepEqual([code, message, retryAfter, still], ['RATE_LIMITED', 'Later.', 7, retryable]);
    });
  }
});

describe('what a client learns of a provider’s failure', () => {
  const cases: [fault: ProviderFault, code: string][] = [
    ['unavailable', 'PROVIDER_UNAVAILABLE'],
    ['rate_limited', 'PROVIDER_UNAVAILABLE'],
    ['timeout', 'PROVIDER_TIMEOUT'],
    ['unauthorized', 'PROVIDER_ERROR'],
    ['malformed', 'PROVIDER_ERROR'],
    ['invalid_request', 'INVALID_REQUEST'],
    ['unsupported_parameter', 'UNSUPPORTED_PARAMETER'],
    ['context_too_long', 'CONTEXT_TOO_LONG'],
    ['model_not_found', 'MODEL_NOT_FOUND'],
  ];
  for (const [fault, code] of cases) {
    it(`is ${code} for ${fault}, and none of its words`, () => {
      const cause = new Error('upstream body');
      const error = toGatewayError(new ProviderError(fault, 'sk-secret at https://upstream', { cause }));
      assert.equal(error.code, code);
      assert.doesNotMatch(JSON.stringify(toProblem(error, 'req_1')), /sk-secret|upstream/);
      assert.ok(error.cause instanceof ProviderError, 'the log has the cause');
    });
  }

  it('names the parameter that was refused', () => {
    const refused = new ProviderError('unsupported_parameter', 'no', { parameter: 'topP' });
    assert.match(toGatewayError(refused).message, /`topP`/);
  });

  const waits: [ms: number | undefined, seconds: number][] = [
    [undefined, 1],
    [0, 1],
    [1, 1],
    [1000, 1],
    [1001, 2],
    [59_500, 60],
  ];
  for (const [retryAfterMs, seconds] of waits) {
    it(`says ${seconds} s where the provider asks for ${retryAfterMs} ms`, () => {
      const busy = new ProviderError('rate_limited', 'slow down', retryAfterMs === undefined ? {} : { retryAfterMs });
      assert.equal(toGatewayError(busy).retryAfter, seconds);
    });
  }
});

describe('whatever else is thrown', () => {
  it('leaves as INTERNAL, without a word of what it was', () => {
    const thrown = fc.oneof(
      fc.string({ minLength: 1 }).map((words) => new Error(`leak ${words}`)),
      fc.string().map((words) => new TypeError(`leak ${words}`, { cause: 'leak' })),
      fc
        .string()
        .map((words) => Object.assign(new Error('leak'), { code: words, status: 418, message: `leak ${words}` })),
      fc.string().map((words) => `leak ${words}`),
      fc.record({ message: fc.constant('leak'), code: fc.constant('RATE_LIMITED'), stack: fc.constant('leak') }),
      fc.anything(),
    );
    fc.assert(
      fc.property(thrown, (value) => {
        const error = toGatewayError(value);
        const problem = toProblem(error, 'req_1');
        assert.deepEqual(problem, toProblem(toGatewayError(undefined), 'req_1'));
        assert.equal(problem.code, 'INTERNAL');
        assert.equal(error.cause, value);
      }),
    );
  });

  it('is left as it is when it is of the catalogue', () => {
    const error = new GatewayError('FORBIDDEN', 'no');
    assert.equal(toGatewayError(error), error);
  });
});

function isCode(name: string): name is ErrorCode {
  return name in errors;
}
