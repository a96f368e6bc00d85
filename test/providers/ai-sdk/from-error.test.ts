import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { ProviderError, type ProviderFault } from '../../../src/core/errors.ts';
import { fromError } from '../../../src/providers/ai-sdk/from-error.ts';
import { refuseWarnings } from '../../../src/providers/ai-sdk/from-warnings.ts';
import { Malformed, Reported } from '../../../src/providers/wire/bad-answer.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { KEY } from '../wires.ts';

const room = { name: 'long-tail', clock: new HandClock(Date.UTC(2026, 10, 22)), secrets: [KEY] };
const never = new AbortController().signal;

const sdk = (name: string, message = 'no', members: object = {}) =>
  Object.assign(new Error(message), { name: `AI_${name}`, ...members });
const answered = (statusCode: number, message = 'no', members: object = {}) =>
  sdk('APICallError', message, { statusCode, responseHeaders: {}, ...members });
const network = (code: string) =>
  sdk('APICallError', 'Cannot connect to API', {
    isRetryable: true,
    cause: Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code }) }),
  });

type More = Partial<Pick<ProviderError, 'retryAfterMs' | 'shouldRetry' | 'parameter'>>;

describe('what a package of the AI SDK throws', () => {
  const rows: [title: string, thrown: unknown, kind: ProviderFault, more?: More][] = [
    ['a missing key', sdk('LoadAPIKeyError', 'Google API key is missing.'), 'unauthorized'],
    ['a missing setting', sdk('LoadSettingError'), 'unauthorized'],
    ['a model that it does not know', sdk('NoSuchModelError'), 'model_not_found'],
    ['a setting that is none', sdk('InvalidArgumentError', 'no', { argument: 'resourceName' }), 'unauthorized'],
    ['an argument that is none', sdk('InvalidArgumentError', 'no', { argument: 'prompt' }), 'invalid_request'],
    ['a bad prompt', sdk('InvalidPromptError'), 'invalid_request'],
    ['an answer of another shape', sdk('TypeValidationError'), 'malformed'],
    ['an answer without a body', sdk('EmptyResponseBodyError'), 'malformed'],
    [
      'a function that it has not',
      sdk('UnsupportedFunctionalityError', "'toolChoice: required' functionality not supported."),
      'unsupported_parameter',
      { parameter: 'toolChoice' },
    ],
    ['nobody there', network('ECONNREFUSED'), 'unavailable'],
    ['a host that is not known', network('ENOTFOUND'), 'unavailable'],
    ['no connection in time', network('UND_ERR_CONNECT_TIMEOUT'), 'timeout'],
    ['no head in time', network('UND_ERR_HEADERS_TIMEOUT'), 'timeout'],
    ['what is not HTTP', network('HPE_INVALID_CONSTANT'), 'malformed'],
    ['an answer that broke off', answered(200, 'no', { cause: { cause: { code: 'UND_ERR_SOCKET' } } }), 'unavailable'],
    ['an answer that is none', answered(200, 'Invalid JSON response'), 'malformed'],
    ['a fault of its own', new TypeError('x is not iterable'), 'malformed'],
    ['missing credentials', new Error('Could not load credentials from any providers'), 'unauthorized'],
    ['credentials that are a folder', Object.assign(new Error('no'), { code: 'EISDIR' }), 'unauthorized'],
    ['half a frame', new Error('Incomplete frame: 7 bytes remain'), 'malformed'],
    ['what nobody knows', new Error('hm'), 'unavailable'],
    ['a text', 'hm', 'unavailable'],
    ['nothing', undefined, 'unavailable'],
    ['what is not its wire', new Malformed('ended before its finish'), 'malformed'],
    ['a reported overload', new Reported({ type: 'overloaded_error', message: 'no' }), 'unavailable'],
    ['a reported limit', new Reported({ error: { code: 'rate_limit_exceeded' } }), 'rate_limited'],
    ['a reported error', new Reported(sdk('APICallError', 'no', { statusCode: 503 })), 'unavailable'],
    [
      'a date to come again',
      answered(429, 'no', { responseHeaders: { 'Retry-After': 'Sun, 22 Nov 2026 00:00:05 GMT' } }),
      'rate_limited',
      { retryAfterMs: 5000 },
    ],
    [
      'what need not be tried again',
      answered(500, 'no', { isRetryable: false }),
      'unavailable',
      { shouldRetry: false },
    ],
    ['what may be tried again', answered(403, 'no', { isRetryable: true }), 'unauthorized', { shouldRetry: true }],
    ['what goes without saying', answered(503, 'no', { isRetryable: true }), 'unavailable'],
    [
      'a word against what goes without saying',
      answered(503, 'no', { isRetryable: true, responseHeaders: { 'x-should-retry': 'false' } }),
      'unavailable',
      { shouldRetry: false },
    ],
    ['a key that is not valid', answered(400, 'API key not valid. Please pass a valid API key.'), 'unauthorized'],
    [
      'Gemini’s bound',
      answered(400, 'The input token count exceeds the maximum number of tokens allowed (9).'),
      'context_too_long',
    ],
    [
      'OpenAI’s bound',
      answered(400, 'no', { responseBody: '{"error":{"code":"context_length_exceeded"}}' }),
      'context_too_long',
    ],
    ['Bedrock’s bound', answered(400, 'Input is too long for requested model.'), 'context_too_long'],
    ['Bedrock’s name', answered(400, 'The provided model identifier is invalid.'), 'model_not_found'],
    ['Gemini’s name', answered(404, 'models/x is not found for API version v1beta'), 'model_not_found'],
    [
      'a parameter by its name',
      answered(400, 'Unsupported value', { responseBody: '{"error":{"param":"max_completion_tokens"}}' }),
      'unsupported_parameter',
      { parameter: 'maxOutputTokens' },
    ],
    ['a parameter that is not ours', answered(400, "Unsupported parameter: 'logit_bias'"), 'unsupported_parameter'],
  ];
  for (const [title, thrown, kind, more = {}] of rows)
    it(title, () => {
      const error = fromError(thrown, room, never);
      assert.ok(error instanceof ProviderError);
      const { retryAfterMs, shouldRetry, parameter } = error;
      assert.deepEqual(
        { kind: error.kind, retryAfterMs, shouldRetry, parameter },
        { kind, retryAfterMs: undefined, shouldRetry: undefined, parameter: undefined, ...more },
      );
    });

  it('is not handed on: the request and the key stand in it', () => {
    const thrown = answered(401, `wrong key ${KEY}`, { requestBodyValues: { messages: ['private words'] } });
    const shown = inspect(fromError(thrown, room, never), { depth: 9 });
    assert.match(shown, /401 AI_APICallError wrong key \[key\]/);
    assert.doesNotMatch(shown, /private words/);
    assert.ok(!shown.includes(KEY));
  });

  it('is the caller’s own reason when the caller left', () => {
    const reason = new Error('gone');
    assert.equal(fromError(reason, room, AbortSignal.abort(reason)), reason);
    assert.ok(fromError(new Error('gone'), room, AbortSignal.abort(reason)) instanceof ProviderError);
  });
});

describe('what a package of the AI SDK warns of', () => {
  type Warning = NonNullable<Parameters<typeof refuseWarnings>[0]>[number];
  const refused: [warning: Warning, parameter: string | undefined][] = [
    [{ type: 'unsupported', feature: 'temperature' }, 'temperature'],
    [{ type: 'unsupported', feature: 'topP' }, 'topP'],
    [{ type: 'unsupported', feature: 'topK' }, 'topK'],
    [{ type: 'unsupported', feature: 'maxOutputTokens' }, 'maxOutputTokens'],
    [{ type: 'unsupported', feature: 'stopSequences' }, 'stop'],
    [{ type: 'unsupported', feature: 'seed' }, 'seed'],
    [{ type: 'unsupported', feature: 'presencePenalty' }, 'presencePenalty'],
    [{ type: 'unsupported', feature: 'frequencyPenalty' }, 'frequencyPenalty'],
    [{ type: 'unsupported', feature: 'responseFormat', details: 'JSON needs a schema' }, 'responseFormat'],
    [{ type: 'unsupported', feature: 'JSON Schema propertyNames' }, 'responseFormat'],
    [{ type: 'unsupported', feature: 'toolChoice' }, 'toolChoice'],
    [{ type: 'unsupported', feature: 'function tool look' }, 'tools'],
    [{ type: 'unsupported', feature: 'strict' }, 'tools'],
    [{ type: 'unsupported', feature: 'dimensions' }, 'dimensions'],
    [{ type: 'unsupported', feature: 'reasoning', details: 'reasoning "low" is not supported' }, 'reasoningEffort'],
    [{ type: 'compatibility', feature: 'reasoning', details: 'mapped to effort "low"' }, 'reasoningEffort'],
    [{ type: 'unsupported', feature: 'textVerbosity', details: 'x' }, 'verbosity'],
    [{ type: 'unsupported', feature: 'something else' }, undefined],
    [{ type: 'unsupported-setting', setting: 'seed' }, 'seed'],
    [{ type: 'unsupported-tool', tool: { type: 'function', name: 'look', inputSchema: {} } }, 'tools'],
    [{ type: 'other', message: 'system messages are removed for this model' }, 'instructions'],
    [{ type: 'other', message: 'temperature is ignored' }, 'temperature'],
  ];
  for (const [warning, parameter] of refused)
    it(`refuses ${JSON.stringify(warning)}`, () => {
      assert.throws(
        () => refuseWarnings([{ type: 'other', message: 'all is well' }, warning]),
        (error) => {
          assert.ok(error instanceof ProviderError);
          assert.deepEqual([error.kind, error.parameter], ['unsupported_parameter', parameter]);
          return true;
        },
      );
    });

  const harmless: Warning[] = [
    { type: 'compatibility', feature: 'responseFormat' },
    { type: 'deprecated', setting: 'x', message: 'use y' },
    { type: 'other', message: 'this model is a preview' },
  ];
  it('lets the rest pass', () => {
    refuseWarnings(harmless);
    refuseWarnings([]);
    refuseWarnings(undefined);
  });
});
