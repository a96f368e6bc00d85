import assert from 'node:assert/strict';
import { APIError } from 'openai';
import { errors } from '../../../generated/errors.ts';
import type { OperationId } from '../../../generated/operations.ts';
import { answers } from '../../../generated/validators/openai.answers.js';
import {
  type ErrorCode,
  type ErrorOptions,
  GatewayError,
  ProviderError,
  toGatewayError,
} from '../../../src/core/errors.ts';
import { fromRunError, toRunError } from '../../../src/core/run-error.ts';
import { toError } from '../../../src/dialects/openai/to-error.ts';

/** The error that OpenAI's SDK would raise. */
function raised(error: GatewayError): APIError {
  const { status, body, headers } = toError(error);
  const validate = answers.createResponse?.['400']?.['application/json'];
  assert.ok(validate?.(body), JSON.stringify(validate?.errors));
  return APIError.generate(status, body, undefined, new Headers(headers));
}

const of = (code: ErrorCode, options: ErrorOptions = {}) => new GatewayError(code, 'What happened.', options);
const fault = (pointer: string, message: string) => ({ faults: [{ pointer, message }] });

describe('to-error', () => {
  const table: [error: GatewayError, name: string, type: string, code: string | null, param: string | null][] = [
    [of('INVALID_REQUEST'), 'BadRequestError', 'invalid_request_error', null, null],
    [
      of('INVALID_REQUEST', fault('/messages/0/content', 'must be string')),
      'BadRequestError',
      'invalid_request_error',
      'invalid_type',
      'messages[0].content',
    ],
    [
      of('INVALID_REQUEST', fault('', "must have required property 'messages'")),
      'BadRequestError',
      'invalid_request_error',
      'missing_required_parameter',
      'messages',
    ],
    [
      of('INVALID_REQUEST', fault('/tools/2', "must have required property 'type'")),
      'BadRequestError',
      'invalid_request_error',
      'missing_required_parameter',
      'tools[2].type',
    ],
    [
      of('INVALID_REQUEST', fault('/temperature', 'must be <= 2')),
      'BadRequestError',
      'invalid_request_error',
      'invalid_value',
      'temperature',
    ],
    [
      of('INVALID_REQUEST', fault('', 'must be object')),
      'BadRequestError',
      'invalid_request_error',
      'invalid_type',
      null,
    ],
    [
      of('UNSUPPORTED_PARAMETER', fault('/logit_bias/a~1b', 'x')),
      'BadRequestError',
      'invalid_request_error',
      'unsupported_parameter',
      'logit_bias.a/b',
    ],
    [
      toGatewayError(new ProviderError('unsupported_parameter', 'x', { parameter: 'responseFormat' })),
      'BadRequestError',
      'invalid_request_error',
      'unsupported_parameter',
      'response_format',
    ],
    [
      toGatewayError(new ProviderError('unsupported_parameter', 'x', { parameter: 'reasoningEffort' })),
      'BadRequestError',
      'invalid_request_error',
      'unsupported_parameter',
      'reasoning_effort',
    ],
    [
      toGatewayError(new ProviderError('unsupported_parameter', 'x', { parameter: 'verbosity' })),
      'BadRequestError',
      'invalid_request_error',
      'unsupported_parameter',
      'verbosity',
    ],
    [
      // As it is left of a turn.
      fromRunError(toRunError(toGatewayError(new ProviderError('unsupported_parameter', 'x', { parameter: 'stop' })))),
      'BadRequestError',
      'invalid_request_error',
      'unsupported_parameter',
      'stop',
    ],
    [
      fromRunError(toRunError(toGatewayError(new ProviderError('unsupported_parameter', 'x')))),
      'BadRequestError',
      'invalid_request_error',
      'unsupported_parameter',
      null,
    ],
    [
      toGatewayError(new ProviderError('unsupported_parameter', 'x', { parameter: 'seed' })),
      'BadRequestError',
      'invalid_request_error',
      'unsupported_parameter',
      'seed',
    ],
    [of('CONTEXT_TOO_LONG'), 'BadRequestError', 'invalid_request_error', 'context_length_exceeded', null],
    [of('UNAUTHORIZED'), 'AuthenticationError', 'invalid_request_error', 'invalid_api_key', null],
    [of('FORBIDDEN'), 'PermissionDeniedError', 'permission_error', 'forbidden', null],
    [of('MODEL_NOT_FOUND'), 'NotFoundError', 'invalid_request_error', 'model_not_found', 'model'],
    [of('CONFLICT'), 'ConflictError', 'conflict_error', 'conflict', null],
    [of('RATE_LIMITED'), 'RateLimitError', 'requests', 'rate_limit_exceeded', null],
    [
      of('RATE_LIMITED', { tokens: { limit: 9, remaining: 1, resetAt: 0 } }),
      'RateLimitError',
      'tokens',
      'rate_limit_exceeded',
      null,
    ],
    [of('BUDGET_EXCEEDED'), 'RateLimitError', 'insufficient_quota', 'insufficient_quota', null],
    [of('INTERNAL'), 'InternalServerError', 'server_error', 'internal', null],
    [of('PROVIDER_ERROR'), 'InternalServerError', 'server_error', 'provider_error', null],
    [of('PROVIDER_UNAVAILABLE'), 'InternalServerError', 'server_error', 'provider_unavailable', null],
    [of('PROVIDER_TIMEOUT'), 'InternalServerError', 'server_error', 'provider_timeout', null],
    [of('SHUTTING_DOWN'), 'InternalServerError', 'server_error', 'shutting_down', null],
  ];
  for (const [error, name, type, code, param] of table) {
    it(`makes a ${name} of ${error.code}, at ${param}`, () => {
      const made = raised(error);
      assert.deepEqual(
        { name: made.constructor.name, type: made.type, code: made.code, param: made.param, status: made.status },
        { name, type, code, param, status: error.entry.status },
      );
      // Where a provider's adapter names the parameter, the sentence names it as the client does.
      const sentence = error.message.replace('`responseFormat`', '`response_format`');
      assert.ok(made.message.includes(sentence.replace('`reasoningEffort`', '`reasoning_effort`')));
    });
  }

  for (const [parameter, chat, response] of [
    ['topP', 'top_p', 'top_p'],
    ['maxOutputTokens', 'max_completion_tokens', 'max_output_tokens'],
    ['responseFormat', 'response_format', 'text.format'],
    ['reasoningEffort', 'reasoning_effort', 'reasoning.effort'],
    ['verbosity', 'verbosity', 'text.verbosity'],
    ['parallelToolCalls', 'parallel_tool_calls', 'parallel_tool_calls'],
  ] as const) {
    it(`names ${parameter} as the operation does`, () => {
      const error = toGatewayError(new ProviderError('unsupported_parameter', 'x', { parameter }));
      const told = (operation?: OperationId) => {
        const { message, param } = toError(error, operation).body.error;
        return [param, /`(.+)`/.exec(message)?.[1]];
      };
      assert.deepEqual(told('createChatCompletion'), [chat, chat]);
      assert.deepEqual(told('createResponse'), [response, response]);
      assert.deepEqual(told(), [chat, chat]);
    });
  }

  it('has a shape for every code of the catalogue', () => {
    // The table's own keys.
    for (const code of Object.keys(errors) as ErrorCode[]) raised(of(code));
  });

  it('lets a client repeat what may do better later, but not what was repeated already', () => {
    const repeated = (Object.keys(errors) as ErrorCode[]).filter(
      (code) => toError(of(code)).headers['x-should-retry'] === 'true',
    );
    assert.deepEqual(repeated.sort(), [
      'CONFLICT',
      'INTERNAL',
      'INTERRUPTED',
      'RATE_LIMITED',
      'REQUEST_TIMEOUT',
      'SHUTTING_DOWN',
      'STORE_UNAVAILABLE',
    ]);
    assert.equal(toError(of('PROVIDER_UNAVAILABLE')).headers['x-should-retry'], 'false');
    assert.equal(toError(of('RATE_LIMITED', { retryable: false })).headers['x-should-retry'], 'false');
  });

  describe('hands on what a provider of the same words found wrong with the request', () => {
    const told = {
      message: 'Bad logit_bias.',
      type: 'invalid_request_error',
      code: 'invalid_value',
      param: 'logit_bias',
    };

    it('as it was told', () => {
      const { message, type, code, param } = raised(
        toGatewayError(new ProviderError('invalid_request', 'x', { told })),
      );
      assert.deepEqual({ message, type, code, param }, { ...told, message: '400 Bad logit_bias.' });
    });

    it('and no word of the gateway’s own account there', () => {
      const error = toGatewayError(new ProviderError('unauthorized', 'x', { told: { message: 'Bad key sk-1.' } }));
      assert.equal(raised(error).code, 'provider_error');
      assert.doesNotMatch(JSON.stringify(toError(error).body), /sk-1/);
    });
  });
});
