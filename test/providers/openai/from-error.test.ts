import assert from 'node:assert/strict';
import { fromError } from '../../../src/providers/openai/from-error.ts';
import type { Fault } from '../../../src/providers/wire/dialect.ts';

/** Sentences as the servers named have sent them. */
const table: [title: string, status: number | undefined, body: unknown, want: Fault][] = [
  [
    'OpenAI, too long',
    400,
    error({
      message: "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
      type: 'invalid_request_error',
      param: 'messages',
      code: 'context_length_exceeded',
    }),
    { kind: 'context_too_long' },
  ],
  [
    'DeepSeek, too long',
    400,
    error({
      message: "This model's maximum context length is 65536 tokens. However, you requested 66343 tokens.",
      type: 'invalid_request_error',
      param: null,
      code: 'invalid_request_error',
    }),
    { kind: 'context_too_long' },
  ],
  [
    'vLLM, too long, the error itself',
    400,
    {
      object: 'error',
      message: "This model's maximum context length is 4096 tokens.",
      type: 'BadRequestError',
      code: 400,
    },
    { kind: 'context_too_long' },
  ],
  [
    'llama.cpp, too long',
    400,
    error({ code: 400, message: 'the request exceeds the available context size', type: 'exceed_context_size_error' }),
    { kind: 'context_too_long' },
  ],
  [
    'OpenAI, a parameter of no use',
    400,
    error({
      message:
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      type: 'invalid_request_error',
      param: 'max_tokens',
      code: 'unsupported_parameter',
    }),
    { kind: 'unsupported_parameter', parameter: 'maxOutputTokens' },
  ],
  [
    'OpenAI, a value of no use',
    400,
    error({
      message:
        "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) value is supported.",
      param: 'temperature',
      code: 'unsupported_value',
    }),
    { kind: 'unsupported_parameter', parameter: 'temperature' },
  ],
  [
    'OpenAI, thoughts beside tools',
    400,
    error({
      message:
        "Function tools with reasoning_effort are not supported for gpt-5.6-terra in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.",
      type: 'invalid_request_error',
      param: 'reasoning_effort',
      code: null,
    }),
    { kind: 'unsupported_parameter', parameter: 'reasoningEffort' },
  ],
  [
    'OpenAI, an effort of no use',
    400,
    error({
      message: "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model.",
      type: 'invalid_request_error',
      param: 'reasoning_effort',
      code: 'unsupported_value',
    }),
    { kind: 'unsupported_parameter', parameter: 'reasoningEffort' },
  ],
  [
    'OpenAI, more or less said than a model can',
    400,
    error({
      message: "Unsupported value: 'verbosity' does not support 'low' with this model. Supported values are: 'medium'.",
      type: 'invalid_request_error',
      param: 'verbosity',
      code: 'unsupported_value',
    }),
    { kind: 'unsupported_parameter', parameter: 'verbosity' },
  ],
  [
    'a server that names it in its sentence only',
    400,
    error({ message: 'Unrecognized request argument supplied: verbosity', type: 'invalid_request_error' }),
    { kind: 'unsupported_parameter', parameter: 'verbosity' },
  ],
  [
    'OpenAI, a parameter that we have no name for',
    400,
    error({ message: "Unknown parameter: 'foo'.", param: 'foo', code: 'unknown_parameter' }),
    { kind: 'unsupported_parameter' },
  ],
  [
    'Ollama, no tools',
    400,
    error({ message: 'registry.ollama.ai/library/llama2:latest does not support tools', type: 'api_error' }),
    { kind: 'unsupported_parameter', parameter: 'tools' },
  ],
  [
    'DeepSeek, no tools',
    400,
    error({ message: 'deepseek-reasoner does not support Function Calling' }),
    { kind: 'unsupported_parameter', parameter: 'tools' },
  ],
  [
    'OpenAI, invalid',
    400,
    error({ message: 'Invalid type', param: 'temperature', code: 'invalid_type' }),
    { kind: 'invalid_request' },
  ],
  ['no more than 422', 422, error({ message: 'bad' }), { kind: 'invalid_request' }],
  ['OpenAI, key', 401, error({ message: 'Incorrect API key', code: 'invalid_api_key' }), { kind: 'unauthorized' }],
  ['OpenAI, region', 403, error({ code: 'unsupported_country_region_territory' }), { kind: 'unauthorized' }],
  ['OpenAI, model not allowed', 403, error({ code: 'model_not_found' }), { kind: 'model_not_found' }],
  ['Ollama, model', 404, error({ message: 'model "x" not found, try pulling it first' }), { kind: 'model_not_found' }],
  [
    'vLLM, model',
    404,
    { object: 'error', message: 'does not exist', type: 'NotFoundError' },
    { kind: 'model_not_found' },
  ],
  ['a wrong base URL', 404, { detail: 'Not Found' }, { kind: 'malformed' }],
  ['a wrong base URL, no JSON', 404, undefined, { kind: 'malformed' }],
  ['OpenAI, requests', 429, error({ type: 'requests', code: 'rate_limit_exceeded' }), { kind: 'rate_limited' }],
  ['OpenAI, money', 429, error({ code: 'insufficient_quota' }), { kind: 'rate_limited', shouldRetry: false }],
  ['no body', 500, undefined, { kind: 'unavailable' }],
  ['OpenAI, overloaded', 503, error({ message: 'overloaded', type: 'server_error' }), { kind: 'unavailable' }],
  ['a 500 that speaks of length', 500, error({ message: 'context window' }), { kind: 'unavailable' }],

  ['inside: server', undefined, error({ type: 'server_error' }), { kind: 'unavailable' }],
  ['inside: nothing said', undefined, error({}), { kind: 'unavailable' }],
  ['inside: a string', undefined, { error: 'overloaded' }, { kind: 'unavailable' }],
  [
    'inside: OpenRouter, by number',
    undefined,
    error({ code: 429, message: 'Rate limited upstream' }),
    { kind: 'rate_limited' },
  ],
  ['inside: by number in quotes', undefined, error({ code: '502' }), { kind: 'unavailable' }],
  [
    'inside: vLLM, too long',
    undefined,
    error({ code: 400, message: 'maximum context length' }),
    { kind: 'context_too_long' },
  ],
  ['inside: by type', undefined, error({ type: 'authentication_error' }), { kind: 'unauthorized' }],
  ['inside: by type, invalid', undefined, error({ type: 'invalid_request_error' }), { kind: 'invalid_request' }],
  ['inside: a limit by type', undefined, error({ type: 'tokens' }), { kind: 'rate_limited' }],
];

describe('from-error of the chat wire', () => {
  for (const [title, status, body, want] of table)
    it(`${title}${status ? ` (${status})` : ''} is ${want.kind}`, () => {
      assert.deepEqual(fromError(status, body), want);
    });
});

function error(error: object): object {
  return { error };
}
