import assert from 'node:assert/strict';
import { fromError } from '../../../src/providers/anthropic/from-error.ts';
import type { Fault } from '../../../src/providers/wire/dialect.ts';

/** Sentences as the vendor has sent them. */
const table: [title: string, status: number | undefined, body: unknown, want: Fault][] = [
  ['too long', 400, invalid('prompt is too long: 209353 tokens > 199999 maximum'), { kind: 'context_too_long' }],
  [
    'too long with the answer',
    400,
    invalid('input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000'),
    { kind: 'context_too_long' },
  ],
  ['too many bytes', 413, error('request_too_large', 'Request exceeds the maximum size'), { kind: 'context_too_long' }],
  [
    'temperature at a newer model',
    400,
    invalid('`temperature` is deprecated for this model.'),
    { kind: 'unsupported_parameter', parameter: 'temperature' },
  ],
  [
    'top_p in a newer version',
    400,
    invalid('top_p: Extra inputs are not permitted'),
    { kind: 'unsupported_parameter', parameter: 'topP' },
  ],
  [
    'a format at an older model',
    400,
    invalid('output_config.format: Extra inputs are not permitted'),
    { kind: 'unsupported_parameter', parameter: 'responseFormat' },
  ],
  [
    'effort at an older model',
    400,
    invalid('This model does not support the effort parameter.'),
    { kind: 'unsupported_parameter', parameter: 'reasoningEffort' },
  ],
  [
    'more effort than there is without thoughts',
    400,
    invalid(
      "output_config.effort 'xhigh' is not supported when thinking is disabled on this model. Use effort 'high' or below, or enable thinking.",
    ),
    { kind: 'unsupported_parameter', parameter: 'reasoningEffort' },
  ],
  [
    'a member that we have no name for',
    400,
    invalid('foo: Extra inputs are not permitted'),
    { kind: 'invalid_request' },
  ],
  ['anything else', 400, invalid('messages: at least one message is required'), { kind: 'invalid_request' }],
  ['no money', 400, invalid('Your credit balance is too low to access the API.'), { kind: 'unauthorized' }],
  ['key', 401, error('authentication_error', 'invalid x-api-key'), { kind: 'unauthorized' }],
  ['billing', 402, error('billing_error', 'pay'), { kind: 'unauthorized' }],
  ['permission', 403, error('permission_error', 'no'), { kind: 'unauthorized' }],
  ['model', 404, error('not_found_error', 'model: claude-9'), { kind: 'model_not_found' }],
  ['a wrong base URL', 404, { detail: 'Not Found' }, { kind: 'malformed' }],
  ['a limit', 429, error('rate_limit_error', 'slow'), { kind: 'rate_limited' }],
  ['a fault of theirs', 500, error('api_error', 'oops'), { kind: 'unavailable' }],
  ['too slow', 504, error('timeout_error', 'late'), { kind: 'timeout' }],
  ['overload', 529, error('overloaded_error', 'Overloaded'), { kind: 'unavailable' }],
  ['a type that is new', 418, error('teapot_error', 'short and stout'), { kind: 'invalid_request' }],
  ['a proxy without a body', 502, undefined, { kind: 'unavailable' }],

  ['inside: overload', undefined, error('overloaded_error', 'Overloaded'), { kind: 'unavailable' }],
  ['inside: a limit', undefined, error('rate_limit_error', 'slow'), { kind: 'rate_limited' }],
  ['inside: a type that is new', undefined, error('teapot_error', 'short'), { kind: 'unavailable' }],
  ['inside: no error at all', undefined, { type: 'error' }, { kind: 'malformed' }],
];

describe('from-error of the messages wire', () => {
  for (const [title, status, body, want] of table)
    it(`${title}${status ? ` (${status})` : ''} is ${want.kind}`, () => {
      assert.deepEqual(fromError(status, body), want);
    });
});

function error(type: string, message: string): object {
  return { type: 'error', error: { type, message } };
}

function invalid(message: string): object {
  return error('invalid_request_error', message);
}
