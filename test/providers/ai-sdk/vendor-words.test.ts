/** What each vendor says in a way of its own, as its documentation or its users show it. */
import assert from 'node:assert/strict';
import { ProviderError, type ProviderFault } from '../../../src/core/errors.ts';
import type { ProviderEvent } from '../../../src/core/ports/provider.ts';
import { createAiSdkProvider } from '../../../src/providers/ai-sdk/index.ts';
import { eventStreamFrame } from '../../support/event-stream-frame.ts';
import type { Behaviour } from '../../support/fake-behaviour.ts';
import { startFakeProvider } from '../../support/fake-provider.ts';
import { callOf, gather } from '../wires.ts';
import { realOptions, realPackages } from './real-packages.ts';

const never = new AbortController().signal;

const usageMetadata = { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 };

type More = Partial<Pick<ProviderError, 'retryAfterMs' | 'shouldRetry' | 'parameter'>>;
type Refusal = readonly [title: string, status: number, said: object, kind: ProviderFault, more?: More];

const google = (code: number, status: string, message: string, ...details: object[]) => ({
  error: { code, message, status, details },
});
const retryInfo = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.0748s' };
const quota = { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [] };
const openai = (code: string, message: string) => ({ error: { code, message } });
const amazon = (message: string) => ({ message });

const gemini: Refusal[] = [
  ['a key that is none', 400, google(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass one.'), 'unauthorized'],
  ['an old key', 400, google(400, 'INVALID_ARGUMENT', 'API key expired. Please renew the API key.'), 'unauthorized'],
  [
    'a country that it does not serve',
    400,
    google(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.'),
    'unauthorized',
  ],
  ['a key without this API', 403, google(403, 'PERMISSION_DENIED', 'The caller has no permission'), 'unauthorized'],
  [
    'too many requests',
    429,
    google(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', quota, retryInfo),
    'rate_limited',
    { retryAfterMs: 34_075 },
  ],
  ['too many for all', 429, google(429, 'RESOURCE_EXHAUSTED', 'Resource exhausted. Try later.'), 'rate_limited'],
  [
    'a model that is not there',
    404,
    google(404, 'NOT_FOUND', 'models/gemini-0 is not found for API version v1beta, or is not supported.'),
    'model_not_found',
  ],
  [
    'too long an input',
    400,
    google(400, 'INVALID_ARGUMENT', 'The input token count (9) exceeds the maximum number of tokens allowed (8).'),
    'context_too_long',
  ],
  [
    'too long an input, at Vertex',
    400,
    google(
      400,
      'INVALID_ARGUMENT',
      'Unable to submit request because the input token count is 9 but model only supports up to 8. Reduce it.',
    ),
    'context_too_long',
  ],
  [
    'a parameter that the model lacks',
    400,
    google(400, 'INVALID_ARGUMENT', 'Penalty is not enabled: presence_penalty is not supported for this model'),
    'unsupported_parameter',
    { parameter: 'presencePenalty' },
  ],
  ['a bad request', 400, google(400, 'INVALID_ARGUMENT', 'Please ensure that roles alternate.'), 'invalid_request'],
  ['overload', 503, google(503, 'UNAVAILABLE', 'The model is overloaded.'), 'unavailable'],
  ['its own deadline', 504, google(504, 'DEADLINE_EXCEEDED', 'The request did not finish.'), 'timeout'],
  ['a fault of its own', 500, google(500, 'INTERNAL', 'An internal error has occurred.'), 'unavailable'],
];

const azures: Refusal[] = [
  ['a wrong key', 401, openai('401', 'Access denied due to invalid subscription key.'), 'unauthorized'],
  [
    'a deployment that is not there',
    404,
    openai('DeploymentNotFound', 'The API deployment for this resource does not exist.'),
    'model_not_found',
  ],
  ['an address that is none', 404, openai('404', 'Resource not found'), 'malformed'],
  [
    'a model that is not for this',
    400,
    openai('OperationNotSupported', 'The chatCompletion operation does not work with the specified model, tts.'),
    'model_not_found',
  ],
  [
    'a bound under its old name',
    400,
    {
      error: {
        message: "Unsupported parameter: 'max_tokens' is not supported with this model.",
        type: 'invalid_request_error',
        param: 'max_tokens',
        code: 'unsupported_parameter',
      },
    },
    'unsupported_parameter',
    { parameter: 'maxOutputTokens' },
  ],
  [
    'thoughts beside tools',
    400,
    {
      error: {
        message:
          "Function tools with reasoning_effort are not supported for gpt-5.6-terra in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.",
        type: 'invalid_request_error',
        param: 'reasoning_effort',
        code: null,
      },
    },
    'unsupported_parameter',
    { parameter: 'reasoningEffort' },
  ],
  [
    'more or less said than a model can',
    400,
    {
      error: {
        message:
          "Unsupported value: 'verbosity' does not support 'low' with this model. Supported values are: 'medium'.",
        type: 'invalid_request_error',
        param: 'text.verbosity',
        code: 'unsupported_value',
      },
    },
    'unsupported_parameter',
    { parameter: 'verbosity' },
  ],
  ['what its filter keeps out', 400, openai('content_filter', 'The prompt triggered a policy.'), 'invalid_request'],
];

const refusals: Record<string, readonly Refusal[]> = {
  '@ai-sdk/openai': [
    ['an empty account', 429, openai('insufficient_quota', 'no'), 'rate_limited', { shouldRetry: false }],
  ],
  '@ai-sdk/google': gemini,
  '@ai-sdk/google-vertex': gemini,
  '@ai-sdk/azure': azures,
  '@ai-sdk/azure by deployment': azures,
  '@ai-sdk/amazon-bedrock': [
    ['a wrong key', 403, amazon('The security token included in the request is invalid.'), 'unauthorized'],
    ['a model that fails', 424, amazon('The request failed in the model.'), 'unavailable'],
    ['a model that is slow', 408, amazon('Model has timed out.'), 'timeout'],
    ['too many requests', 429, amazon('Too many requests, please wait.'), 'rate_limited'],
    ['a model that is none', 400, amazon('The provided model identifier is invalid.'), 'model_not_found'],
    [
      'a model that wants a profile',
      400,
      amazon('Invocation of model ID x with on-demand throughput isn’t supported. Retry with a profile.'),
      'model_not_found',
    ],
    ['a model that is not there', 404, amazon('Could not resolve the foundation model.'), 'model_not_found'],
    ['too long an input', 400, amazon('Input is too long for requested model.'), 'context_too_long'],
    [
      'stops that the model lacks',
      400,
      amazon("This model doesn't support the stopSequences field. Remove it."),
      'unsupported_parameter',
      { parameter: 'stop' },
    ],
    [
      'tools that the model lacks',
      400,
      amazon("This model doesn't support tool use in streaming mode."),
      'unsupported_parameter',
      { parameter: 'tools' },
    ],
    [
      'a member that the model does not know',
      400,
      amazon('Malformed input request: #: extraneous key [top_k] is not permitted.'),
      'unsupported_parameter',
      { parameter: 'topK' },
    ],
    ['a bad request', 400, amazon('A conversation must start with a user message.'), 'invalid_request'],
  ],
};

/** What kind of error it is stands in a header there. */
const amazonTypes: [type: string, kind: ProviderFault][] = [
  ['ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/', 'invalid_request'],
  ['ServiceQuotaExceededException', 'rate_limited'],
  ['IncompleteSignatureException', 'unauthorized'],
  ['RequestExpired', 'unauthorized'],
];

const inStream: Record<string, [title: string, body: string | Uint8Array, kind: ProviderFault, more?: More][]> = {
  '@ai-sdk/google': [
    [
      'too many requests',
      sse(google(429, 'RESOURCE_EXHAUSTED', 'no', retryInfo)),
      'rate_limited',
      { retryAfterMs: 34_075 },
    ],
    ['overload without a number', sse({ error: { code: null, message: 'no', status: 'UNAVAILABLE' } }), 'unavailable'],
    ['an end without a reason', sse(candidate({ content: { parts: [{ text: 'hm' }] } })), 'malformed'],
    ['a call that it could not write', sse(candidate({ finishReason: 'MALFORMED_FUNCTION_CALL' })), 'unavailable'],
  ],
  '@ai-sdk/azure': [
    [
      'an answer that failed',
      `event: response.failed\ndata: ${JSON.stringify({
        type: 'response.failed',
        sequence_number: 2,
        response: { error: { code: 'rate_limit_exceeded', message: 'no' }, incomplete_details: null },
      })}\n\n`,
      'rate_limited',
    ],
  ],
  '@ai-sdk/amazon-bedrock': [
    ['too many requests', exception('throttlingException'), 'rate_limited'],
    ['a fault of its own', exception('internalServerException'), 'unavailable'],
    ['overload', exception('serviceUnavailableException'), 'unavailable'],
    ['a model that fails', exception('modelStreamErrorException'), 'unavailable', { shouldRetry: true }],
    ['a bad request', exception('validationException'), 'invalid_request'],
    ['too long an input', exception('validationException', 'Input is too long.'), 'context_too_long'],
    ['a frame that was damaged', damaged(frame('messageStop', { stopReason: 'end_turn' })), 'malformed'],
    ['an end without a reason', frame('messageStart', { role: 'assistant' }), 'malformed'],
  ],
};

type Answer = readonly [title: string, stream: boolean, body: string | Uint8Array, events: ProviderEvent[]];

const blocked = { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 3 } };
const thinking = candidate({
  content: { parts: [{ text: 'Let me see.', thought: true }, { text: 'Blue.' }] },
  finishReason: 'STOP',
});
const counted = { inputTokens: 3, outputTokens: 2, totalTokens: 5, cachedInputTokens: 0 };
const filtered: ProviderEvent = {
  type: 'finish',
  reason: 'content_filter',
  usage: { inputTokens: 3, outputTokens: 0, totalTokens: 3, cachedInputTokens: 0, reasoningTokens: 0 },
};
const blue: ProviderEvent[] = [{ type: 'text', text: 'Blue.' }];

const answers: Record<string, Answer[]> = {
  '@ai-sdk/google': [
    ['a prompt that it does not answer', true, sse(blocked), [filtered]],
    ['a prompt that it does not answer', false, JSON.stringify(blocked), [filtered]],
    [
      'thoughts',
      true,
      sse(thinking),
      [...blue, { type: 'finish', reason: 'stop', usage: { ...counted, reasoningTokens: 0 } }],
    ],
    [
      'thoughts',
      false,
      JSON.stringify(thinking),
      [...blue, { type: 'finish', reason: 'stop', usage: { ...counted, reasoningTokens: 0 } }],
    ],
  ],
  '@ai-sdk/amazon-bedrock': [
    [
      'thoughts, and a guard that steps in',
      true,
      Buffer.concat([
        frame('messageStart', { role: 'assistant' }),
        frame('contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { text: 'Let me see.' } } }),
        frame('contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { signature: 'c2ln' } } }),
        frame('contentBlockStop', { contentBlockIndex: 0 }),
        frame('contentBlockDelta', { contentBlockIndex: 1, delta: { text: 'Blue.' } }),
        frame('contentBlockStop', { contentBlockIndex: 1 }),
        frame('messageStop', { stopReason: 'guardrail_intervened' }),
        frame('metadata', {
          usage: {
            inputTokens: 3,
            outputTokens: 2,
            totalTokens: 12,
            cacheReadInputTokens: 4,
            cacheWriteInputTokens: 3,
          },
        }),
      ]),
      [
        ...blue,
        {
          type: 'finish',
          reason: 'content_filter',
          usage: { inputTokens: 10, outputTokens: 2, totalTokens: 12, cachedInputTokens: 4, cacheWriteTokens: 3 },
        },
      ],
    ],
    [
      'thoughts, and an end by the window',
      false,
      JSON.stringify({
        output: {
          message: {
            role: 'assistant',
            content: [{ reasoningContent: { reasoningText: { text: 'Let me see.' } } }, { text: 'Blue.' }],
          },
        },
        stopReason: 'max_tokens',
        usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
      }),
      [...blue, { type: 'finish', reason: 'length', usage: counted }],
    ],
  ],
};

for (const real of realPackages) {
  const ask = async (behaviour: Behaviour, stream: boolean) => {
    const fake = await startFakeProvider();
    const provider = await createAiSdkProvider(realOptions(real, fake));
    fake.next(behaviour);
    const outcome = await gather(provider.call(callOf('hello', { stream }), never));
    await provider.close();
    await fake.close();
    return outcome;
  };

  describe(`${real.title} hears from its vendor`, () => {
    for (const [title, status, said, kind, more] of refusals[real.title] ?? [])
      for (const stream of [true, false])
        it(`${title}, ${stream ? 'stream' : 'whole'}`, async () =>
          assertFault(await ask({ status, body: JSON.stringify(said, null, 2) }, stream), kind, more));

    for (const [title, body, kind, more] of inStream[real.title] ?? [])
      it(`${title}, in the midst`, async () => assertFault(await ask({ body }, true), kind, more));

    if (real.wire === 'converse')
      for (const [type, kind] of amazonTypes)
        it(`a 400 of type ${type}`, async () =>
          assertFault(await ask({ status: 400, headers: { 'x-amzn-errortype': type } }, false), kind));

    for (const [title, stream, body, events] of answers[real.title] ?? [])
      it(`${title}, ${stream ? 'stream' : 'whole'}`, async () => {
        const outcome = await ask({ body }, stream);
        assert.equal(outcome.error, undefined);
        assert.deepEqual(outcome.events, events);
      });
  });
}

function sse(data: object): string {
  return `data: ${JSON.stringify(data)}\r\n\r\n`;
}

function candidate(members: object): object {
  return { candidates: [{ index: 0, ...members }], usageMetadata };
}

function frame(type: string, payload: object): Buffer {
  return eventStreamFrame({ ':event-type': type, ':message-type': 'event' }, payload);
}

function exception(type: string, message = 'no'): Buffer {
  return eventStreamFrame({ ':exception-type': type, ':message-type': 'exception' }, { message });
}

function damaged(bytes: Buffer): Buffer {
  bytes[bytes.length - 6] = 0x20;
  return bytes;
}

function assertFault({ error }: { error?: unknown }, kind: ProviderFault, more: More = {}): void {
  assert.ok(error instanceof ProviderError, String(error));
  const { retryAfterMs, shouldRetry, parameter } = error;
  assert.deepEqual(
    { kind: error.kind, retryAfterMs, shouldRetry, parameter },
    { kind, retryAfterMs: undefined, shouldRetry: undefined, parameter: undefined, ...more },
  );
}
