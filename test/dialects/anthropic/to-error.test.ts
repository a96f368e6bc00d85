import assert from 'node:assert/strict';
import { APIError } from '@anthropic-ai/sdk';
import { errors } from '../../../generated/errors.ts';
import { answers } from '../../../generated/validators/anthropic.answers.js';
import {
  type ErrorCode,
  type ErrorOptions,
  GatewayError,
  ProviderError,
  toGatewayError,
} from '../../../src/core/errors.ts';
import { runErrorBody, toError } from '../../../src/dialects/anthropic/to-error.ts';

/** The error that Anthropic's SDK would raise. */
function raised(error: GatewayError): APIError {
  const { status, body, headers } = toError(error, 'req_1');
  const validate = answers.createMessage?.['400']?.['application/json'];
  assert.ok(validate?.(body), JSON.stringify(validate?.errors));
  return APIError.generate(status, body, undefined, new Headers({ ...headers, 'request-id': 'req_1' }));
}

const of = (code: ErrorCode, options: ErrorOptions = {}) => new GatewayError(code, 'What happened.', options);
const faults = (...given: [pointer: string, message: string][]) => ({
  faults: given.map(([pointer, message]) => ({ pointer, message })),
});
// The table's own keys.
const codes = Object.keys(errors) as ErrorCode[];

describe('to-error', () => {
  const table: [error: GatewayError, name: string, type: string, message: string][] = [
    [of('INVALID_REQUEST'), 'BadRequestError', 'invalid_request_error', 'What happened.'],
    [
      of('INVALID_REQUEST', faults(['/messages/0/content', 'must be string'])),
      'BadRequestError',
      'invalid_request_error',
      'messages.0.content: must be string',
    ],
    [
      of('INVALID_REQUEST', faults(['', "must have required property 'max_tokens'"], ['/a~1b/~0', 'x'])),
      'BadRequestError',
      'invalid_request_error',
      'max_tokens: Field required; a/b.~: x',
    ],
    [
      of('INVALID_REQUEST', faults(['', 'must be object'])),
      'BadRequestError',
      'invalid_request_error',
      'must be object',
    ],
    [
      toGatewayError(new ProviderError('unsupported_parameter', 'x', { parameter: 'responseFormat' })),
      'BadRequestError',
      'invalid_request_error',
      'output_config.format: is not something that the providers of this model can be asked for',
    ],
    [
      toGatewayError(new ProviderError('unsupported_parameter', 'x', { parameter: 'reasoningEffort' })),
      'BadRequestError',
      'invalid_request_error',
      'output_config.effort: is not something that the providers of this model can be asked for',
    ],
    [of('CONTEXT_TOO_LONG'), 'BadRequestError', 'invalid_request_error', 'What happened.'],
    [of('UNAUTHORIZED'), 'AuthenticationError', 'authentication_error', 'What happened.'],
    [of('FORBIDDEN'), 'PermissionDeniedError', 'permission_error', 'What happened.'],
    [of('MODEL_NOT_FOUND'), 'NotFoundError', 'not_found_error', 'What happened.'],
    [of('CONFLICT'), 'ConflictError', 'conflict_error', 'What happened.'],
    [of('RATE_LIMITED'), 'RateLimitError', 'rate_limit_error', 'What happened.'],
    [of('BUDGET_EXCEEDED'), 'RateLimitError', 'billing_error', 'What happened.'],
    [of('PAYLOAD_TOO_LARGE'), 'ContentTooLargeError', 'request_too_large', 'What happened.'],
    [of('INTERNAL'), 'InternalServerError', 'api_error', 'What happened.'],
    [of('PROVIDER_ERROR'), 'InternalServerError', 'api_error', 'What happened.'],
    [of('PROVIDER_UNAVAILABLE'), 'ServiceUnavailableError', 'overloaded_error', 'What happened.'],
    [of('PROVIDER_TIMEOUT'), 'GatewayTimeoutError', 'timeout_error', 'What happened.'],
    [of('SHUTTING_DOWN'), 'ServiceUnavailableError', 'overloaded_error', 'What happened.'],
  ];
  for (const [error, name, type, message] of table)
    it(`makes a ${name} of ${error.code}: ${message}`, () => {
      const made = raised(error);
      assert.deepEqual(
        [made.constructor.name, made.type, made.apiMessage, made.status, made.requestID],
        [name, type, message, error.entry.status, 'req_1'],
      );
    });

  it('has a shape for every code of the catalogue, also inside a stream', () => {
    for (const code of codes) {
      const { error } = runErrorBody({ code, message: 'm', retryable: false });
      assert.deepEqual(error, { type: raised(of(code)).type, message: 'm' });
    }
  });

  it('lets a client repeat what may do better later, but not what was repeated already', () => {
    const repeated = codes.filter((code) => toError(of(code), 'r').headers['x-should-retry'] === 'true');
    assert.ok(repeated.includes('RATE_LIMITED') && repeated.includes('SHUTTING_DOWN'));
    assert.ok(repeated.every((code) => errors[code].retryable && !code.startsWith('PROVIDER_')));
    assert.equal(toError(of('PROVIDER_UNAVAILABLE'), 'r').headers['x-should-retry'], 'false');
    assert.equal(toError(of('RATE_LIMITED', { retryable: false }), 'r').headers['x-should-retry'], 'false');
  });

  it('hands on what a provider of the same words found wrong with the request', () => {
    const told = { message: 'messages.0: no', type: 'invalid_request_error' };
    const made = raised(toGatewayError(new ProviderError('invalid_request', 'x', { told })));
    assert.deepEqual([made.type, made.apiMessage], [told.type, told.message]);
  });

  it('hands on no word of the gateway’s own account there', () => {
    const error = toGatewayError(new ProviderError('unauthorized', 'x', { told: { message: 'Bad key sk-1.' } }));
    assert.doesNotMatch(JSON.stringify(toError(error, 'r').body), /sk-1/);
  });
});
