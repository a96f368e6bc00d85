import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ProviderCall } from '../../../src/core/ports/provider.ts';
import {
  type ChatCompletionRequest,
  fromChatCompletionRequest,
} from '../../../src/dialects/openai/from-chat-completion-request.ts';
import { toChatRequest } from '../../../src/providers/openai/to-chat-request.ts';
import { failureOf } from './failure-of.ts';

const user = (content: NonNullable<ChatCompletionRequest['messages'][number]['content']>) => ({
  role: 'user' as const,
  content,
});
const least: ChatCompletionRequest = { model: 'm', messages: [user('hi')] };
const source = { bytes: Buffer.from('{}'), headers: {} };
const callOf = (more: Partial<ChatCompletionRequest>) =>
  fromChatCompletionRequest({ ...least, ...more }, source).toCall();

const asSent = (request: object): unknown => JSON.parse(JSON.stringify(request));

const ephemeral = { type: 'ephemeral', ttl: '1h' };
const png = 'data:image/png;base64,iVBORw0KGgo=';
const call = (id: string, name = 'look') => ({ id, type: 'function', function: { name, arguments: '{"a":1}' } });
const callPart = (id: string, name = 'look') => ({ type: 'tool_call', id, name, arguments: '{"a":1}' });

describe('from-chat-completion-request', () => {
  it('keeps what the client sent for a provider that speaks the same words', () => {
    const headers = { 'openai-beta': 'x=1', 'openai-organization': 'org-a', authorization: 'Bearer k' };
    const bytes = Buffer.from('{"model":"m"}');
    const request = fromChatCompletionRequest(
      { ...least, stream: true, stream_options: { include_usage: true }, max_tokens: 5, metadata: { a: 'b' } },
      { bytes, headers },
    );
    const { toCall: _, ...rest } = request;
    assert.deepEqual(rest, {
      channel: 'api',
      model: 'm',
      stream: true,
      original: { dialect: 'chat-completions', body: bytes, wantsUsage: true, headers: { 'openai-beta': 'x=1' } },
      maxOutputTokens: 5,
      metadata: { a: 'b' },
    });
  });

  it('translates nothing before somebody needs it', () => {
    assert.equal(fromChatCompletionRequest({ ...least, logprobs: true }, source).model, 'm');
  });

  const members: [title: string, request: Partial<ChatCompletionRequest>, call: Partial<ProviderCall>][] = [
    ['nothing more than there is', {}, {}],
    [
      'nulls as nothing',
      {
        temperature: null,
        tools: null,
        stop: null,
        logprobs: null,
        audio: null,
        reasoning_effort: null,
        verbosity: null,
        new_one: null,
      },
      {},
    ],
    ['sampling', { temperature: 0, top_p: 0.5, seed: -1 }, { temperature: 0, topP: 0.5, seed: -1 }],
    ['penalties', { presence_penalty: -2, frequency_penalty: 2 }, { presencePenalty: -2, frequencyPenalty: 2 }],
    ['the limit', { max_completion_tokens: 7 }, { maxOutputTokens: 7 }],
    ['the limit by its older name', { max_tokens: 7 }, { maxOutputTokens: 7 }],
    ['the limit by both names', { max_tokens: 7, max_completion_tokens: 7 }, { maxOutputTokens: 7 }],
    ...[
      { cache_control: ephemeral },
      { messages: [{ ...user('hi'), cache_control: ephemeral }] },
      { messages: [user([{ type: 'text', text: 'hi', cache_control: ephemeral }])] },
    ].map((marked): [string, Partial<ChatCompletionRequest>, Partial<ProviderCall>] => [
      `what Anthropic's cache is to keep, marked as ${JSON.stringify(marked).slice(0, 30)}`,
      marked,
      { cache: '1h' },
    ]),
    [
      'a part with nulls, as SDKs write them out',
      { messages: [user([{ type: 'text', text: 'hi', refusal: null, image_url: null }])] },
      {},
    ],
    [
      'a text that has all of its message in it, as the Agents SDK writes it',
      {
        messages: [
          user('hi'),
          {
            role: 'assistant',
            content: [{ type: 'text', text: 'so', role: 'assistant', tool_calls: [call('1')], annotations: [] }],
            tool_calls: [call('1')],
          },
          { role: 'tool', tool_call_id: '1', content: 'one' },
        ],
      },
      {
        messages: [
          { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
          {
            role: 'assistant',
            parts: [
              { type: 'text', text: 'so' },
              { type: 'tool_call', id: '1', name: 'look', arguments: '{"a":1}' },
            ],
          },
          { role: 'user', parts: [{ type: 'tool_result', toolCallId: '1', content: 'one' }] },
        ],
      },
    ],
    ['one stop', { stop: 'END' }, { stop: ['END'] }],
    ['several stops', { stop: ['END', '\n'] }, { stop: ['END', '\n'] }],
    ['no stops', { stop: [] }, {}],
    ['no tools', { tools: [] }, {}],
    ['one tool at a time', { parallel_tool_calls: false }, { parallelToolCalls: false }],
    ['how much to think', { reasoning_effort: 'minimal' }, { reasoningEffort: 'minimal' }],
    ['that little is to be said', { verbosity: 'low' }, { verbosity: 'low' }],
    ['that much is to be said', { verbosity: 'high' }, { verbosity: 'high' }],
    ['as much said as usual as nothing', { verbosity: 'medium' }, {}],
    ['JSON', { response_format: { type: 'json_object' } }, { responseFormat: { type: 'json' } }],
    ['text', { response_format: { type: 'text' } }, { responseFormat: { type: 'text' } }],
    [
      'a schema',
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'n', description: 'd', schema: { a: 1 }, strict: true },
        },
      },
      { responseFormat: { type: 'json_schema', name: 'n', description: 'd', schema: { a: 1 }, strict: true } },
    ],
    ['tool_choice by word', { tool_choice: 'required' }, { toolChoice: 'required' }],
    [
      'tool_choice by name',
      { tool_choice: { type: 'function', function: { name: 'look' } } },
      { toolChoice: { name: 'look' } },
    ],
    [
      'tools',
      {
        tools: [
          {
            type: 'function',
            function: { name: 'look', description: 'd', parameters: { type: 'object' }, strict: true },
          },
          { type: 'function', function: { name: 'go', description: null, strict: null } },
        ],
      },
      {
        tools: [
          { name: 'look', description: 'd', parameters: { type: 'object' }, strict: true },
          { name: 'go', parameters: { type: 'object', properties: {} } },
        ],
      },
    ],
    [
      'what says nothing that a provider would have to hear',
      {
        n: 1,
        logprobs: false,
        logit_bias: {},
        modalities: ['text'],
        store: false,
        service_tier: 'auto',
        user: 'ann',
        safety_identifier: 'x',
        prompt_cache_key: 'k',
        metadata: { a: 'b' },
        stream_options: { include_usage: true, include_obfuscation: false },
      },
      {},
    ],
  ];
  for (const [title, request, want] of members) {
    it(`reads ${title}`, () => {
      assert.deepEqual(callOf(request), {
        messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
        ...want,
      });
    });
  }

  const conversations: [title: string, messages: ChatCompletionRequest['messages'], want: object][] = [
    [
      'instructions wherever they stand, in order',
      [
        { role: 'system', content: 'a' },
        user('q'),
        {
          role: 'developer',
          content: [
            { type: 'text', text: 'b' },
            { type: 'text', text: 'c' },
          ],
        },
      ],
      { instructions: 'a\n\nbc', messages: [{ role: 'user', parts: [{ type: 'text', text: 'q' }] }] },
    ],
    [
      'parts and images',
      [
        user([
          { type: 'text', text: 'what' },
          { type: 'image_url', image_url: { url: png, detail: 'auto' } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
        ]),
      ],
      {
        messages: [
          {
            role: 'user',
            parts: [
              { type: 'text', text: 'what' },
              { type: 'image', data: 'iVBORw0KGgo=', mediaType: 'image/png' },
              { type: 'image', url: 'https://example.com/a.png' },
            ],
          },
        ],
      },
    ],
    [
      'parallel calls, their results, and what follows them',
      [
        user('q'),
        {
          role: 'assistant',
          content: 'let me see',
          tool_calls: [call('1'), call('2', 'go')],
          refusal: null,
          annotations: [],
        },
        { role: 'tool', tool_call_id: '1', content: 'one' },
        { role: 'tool', tool_call_id: '2', name: 'go', content: [{ type: 'text', text: 'two' }] },
        user('and?'),
      ],
      {
        messages: [
          { role: 'user', parts: [{ type: 'text', text: 'q' }] },
          { role: 'assistant', parts: [{ type: 'text', text: 'let me see' }, callPart('1'), callPart('2', 'go')] },
          {
            role: 'user',
            parts: [
              { type: 'tool_result', toolCallId: '1', content: 'one' },
              { type: 'tool_result', toolCallId: '2', content: 'two' },
              { type: 'text', text: 'and?' },
            ],
          },
        ],
      },
    ],
    [
      'an answer that the SDK parsed, sent back as it was',
      [
        user('q'),
        {
          role: 'assistant',
          content: null,
          parsed: null,
          tool_calls: [{ ...call('1'), function: { ...call('1').function, parsed_arguments: { a: 1 } } }],
        },
        { role: 'tool', tool_call_id: '1', content: '' },
      ],
      {
        messages: [
          { role: 'user', parts: [{ type: 'text', text: 'q' }] },
          { role: 'assistant', parts: [callPart('1')] },
          { role: 'user', parts: [{ type: 'tool_result', toolCallId: '1', content: '' }] },
        ],
      },
    ],
    [
      'a refusal, as what was said',
      [user('q'), { role: 'assistant', content: null, refusal: 'no' }, user('why')],
      {
        messages: [
          { role: 'user', parts: [{ type: 'text', text: 'q' }] },
          { role: 'assistant', parts: [{ type: 'text', text: 'no' }] },
          { role: 'user', parts: [{ type: 'text', text: 'why' }] },
        ],
      },
    ],
    [
      'two messages of the user as two',
      [user('a'), user('b')],
      {
        messages: [
          { role: 'user', parts: [{ type: 'text', text: 'a' }] },
          { role: 'user', parts: [{ type: 'text', text: 'b' }] },
        ],
      },
    ],
  ];
  for (const [title, messages, want] of conversations) {
    it(`reads ${title}`, () => assert.deepEqual(callOf({ messages }), want));
  }

  const image = (url: string, more = {}) => [user([{ type: 'image_url', image_url: { url, ...more } }])];
  const said = (message: object) => [user('q'), { role: 'assistant' as const, ...message }, user('r')];

  const unsupported: [pointer: string, request: Partial<ChatCompletionRequest>][] = [
    ['/logprobs', { logprobs: true }],
    ['/top_logprobs', { top_logprobs: 2 }],
    ['/logit_bias', { logit_bias: { 50256: -100 } }],
    ['/n', { n: 2 }],
    ['/audio', { audio: { voice: 'alloy', format: 'wav' } }],
    ['/modalities', { modalities: ['text', 'audio'] }],
    ['/prediction', { prediction: { type: 'content', content: 'x' } }],
    ['/web_search_options', { web_search_options: {} }],
    ['/reasoning_effort', { reasoning_effort: 'heroic' }],
    ['/verbosity', { verbosity: 'epic' }],
    ['/store', { store: true }],
    ['/service_tier', { service_tier: 'priority' }],
    ['/functions', { functions: [{ name: 'look' }] }],
    ['/function_call', { function_call: { name: 'look' } }],
    ['/of_next~1year', { 'of_next/year': 1 }],
    ['/stream_options/often', { stream_options: { often: true } }],
    ['/tools/0/type', { tools: [{ type: 'custom', custom: { name: 'look' } }] }],
    ['/tools/0/function/new', { tools: [{ type: 'function', function: { name: 'look', new: 1 } }] }],
    ['/tool_choice/type', { tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } } }],
    ['/response_format/type', { response_format: { type: 'grammar', grammar: 'x' } }],
    [
      '/response_format/json_schema/new',
      { response_format: { type: 'json_schema', json_schema: { name: 'n', new: 1 } } },
    ],
    ['/messages/0/name', { messages: [{ ...user('q'), name: 'ann' }] }],
    ['/messages/1/role', { messages: [user('q'), { role: 'function', content: 'x' }] }],
    [
      '/messages/1/function_call',
      { messages: said({ content: null, function_call: { name: 'look', arguments: '' } }) },
    ],
    ['/messages/1/audio', { messages: said({ content: 'x', audio: { id: 'a' } }) }],
    ['/messages/1/tool_calls/0/type', { messages: said({ tool_calls: [{ id: '1', type: 'custom', custom: {} }] }) }],
    ['/messages/0/content/0/type', { messages: [user([{ type: 'input_audio', input_audio: {} }])] }],
    ['/messages/0/content/0/cached', { messages: [user([{ type: 'text', text: 'a', cached: true }])] }],
    ['/messages/0/content/0/image_url/detail', { messages: image(png, { detail: 'fine' }) }],
    ['/messages/0/content/0/image_url/url', { messages: image('data:image/tiff;base64,AAAA') }],
    [
      '/messages/2/content/0/type',
      {
        messages: [
          ...said({ tool_calls: [call('1')] }).slice(0, 2),
          { role: 'tool', tool_call_id: '1', content: [{ type: 'image_url' }] },
        ],
      },
    ],
  ];
  for (const [pointer, request] of unsupported) {
    it(`refuses ${pointer} by its name`, () => {
      assert.deepEqual(
        failureOf(() => callOf(request)),
        ['UNSUPPORTED_PARAMETER', pointer],
      );
    });
  }

  const invalid: [pointer: string, request: Partial<ChatCompletionRequest>][] = [
    ['/max_tokens', { max_tokens: 1, max_completion_tokens: 2 }],
    ['/tool_choice', { tool_choice: 'perhaps' }],
    ['/tool_choice', { tool_choice: { type: 'function' } }],
    ['/tools/0/function', { tools: [{ type: 'function' }] }],
    ['/tools/0/function/name', { tools: [{ type: 'function', function: { name: 'look around' } }] }],
    ['/response_format/json_schema/name', { response_format: { type: 'json_schema' } }],
    ['/messages', { messages: said({ content: 'x' }).slice(0, 2) }],
    ['/messages', { messages: [{ role: 'system', content: 'x' }] }],
    ['/messages/0/content', { messages: [{ role: 'user' }] }],
    ['/messages/0/content', { messages: [user([])] }],
    ['/messages/0/content/0/text', { messages: [user([{ type: 'text' }])] }],
    ['/messages/0/content/0/image_url', { messages: [user([{ type: 'image_url' }])] }],
    ['/messages/0/content/0/image_url/url', { messages: image('ftp://example.com/a.png') }],
    ['/messages/0/content/0/image_url/url', { messages: image('data:image/png;base64,***') }],
    ['/messages/0/content/0/image_url/url', { messages: image('data:image/png,raw') }],
    ['/messages/1/content', { messages: said({}) }],
    ['/messages/1/tool_calls/0/function', { messages: said({ tool_calls: [{ id: '1', type: 'function' }] }) }],
    ['/messages/2/tool_call_id', { messages: [...said({ content: 'x' }).slice(0, 2), { role: 'tool', content: 'x' }] }],
  ];
  for (const [pointer, request] of invalid) {
    it(`finds what does not fit at ${pointer} of ${JSON.stringify(request).slice(0, 60)}`, () => {
      assert.deepEqual(
        failureOf(() => callOf(request)),
        ['INVALID_REQUEST', pointer],
      );
    });
  }

  it('gives the same request again when it goes down the same wire', () => {
    fc.assert(
      fc.property(chatRequest(), (request) => {
        const up = fromChatCompletionRequest(request, source);
        const down = toChatRequest({ ...up.toCall(), model: up.model, stream: up.stream }, 'max_completion_tokens');
        assert.deepEqual(asSent(down), asSent(request));
      }),
      { numRuns: 300 },
    );
  });
});

/** Requests in the one form of several that the wire's own adapter writes. */
function chatRequest(): fc.Arbitrary<ChatCompletionRequest> {
  const text = fc.string({ minLength: 1, unit: 'grapheme' });
  const name = fc.stringMatching(/^[a-z_-]{1,8}$/);
  const schema = fc.dictionary(name, fc.oneof(fc.boolean(), text, fc.integer()));
  const url = fc.constantFrom('https://example.com/a.png', png, 'data:image/webp;base64,AAAA');
  const picture = url.map((value) => ({ type: 'image_url', image_url: { url: value } }));
  const words = text.map((value) => ({ type: 'text', text: value }));
  const pictures = fc.tuple(fc.array(words, { maxLength: 2 }), picture).map(([texts, image]) => [...texts, image]);
  const asked = fc.oneof(text, pictures).map((content) => [user(content)]);
  const answered = text.map((content) => [{ role: 'assistant' as const, content }]);
  const called = fc
    .tuple(fc.option(text), fc.array(fc.tuple(name, text, text), { minLength: 1, maxLength: 3 }))
    .map(([content, calls]) => [
      {
        role: 'assistant' as const,
        content,
        tool_calls: calls.map(([tool, json], index) => ({
          id: `call_${index}`,
          type: 'function',
          function: { name: tool, arguments: json },
        })),
      },
      ...calls.map(([, , content], index) => ({ role: 'tool' as const, tool_call_id: `call_${index}`, content })),
    ]);
  const exchange = fc.tuple(asked, fc.oneof(answered, called)).map((both) => both.flat());
  const tool = fc.record(
    { name, description: text, parameters: schema, strict: fc.boolean() },
    { requiredKeys: ['name', 'parameters'] },
  );
  const messages = fc
    .tuple(fc.option(text), fc.array(exchange, { maxLength: 3 }), asked)
    .map(([system, before, last]) => [
      ...(system === null ? [] : [{ role: 'system' as const, content: system }]),
      ...before.flat(),
      ...last,
    ]);
  const format = fc.record(
    { name, description: text, schema, strict: fc.boolean() },
    { requiredKeys: ['name', 'schema'] },
  );
  const optional = fc.record(
    {
      temperature: fc.double({ min: 0, max: 2, noNaN: true }).map((value) => value + 0),
      top_p: fc.constantFrom(0, 0.5, 1),
      seed: fc.integer(),
      max_completion_tokens: fc.integer({ min: 1 }),
      stop: fc.array(text, { minLength: 1, maxLength: 4 }),
      presence_penalty: fc.constantFrom(-2, 0.5),
      frequency_penalty: fc.constantFrom(-2, 0.5),
      parallel_tool_calls: fc.boolean(),
      tools: fc.array(
        tool.map((value) => ({ type: 'function', function: value })),
        { minLength: 1, maxLength: 3 },
      ),
      tool_choice: fc.oneof(
        fc.constantFrom('auto', 'none', 'required'),
        name.map((value) => ({ type: 'function', function: { name: value } })),
      ),
      response_format: fc.oneof(
        fc.constant({ type: 'json_object' }),
        format.map((value) => ({ type: 'json_schema', json_schema: value })),
      ),
    },
    { requiredKeys: [] },
  );
  const streaming = fc.constantFrom({}, { stream: true, stream_options: { include_usage: true } });
  return fc
    .tuple(messages, optional, streaming)
    .map(([list, members, stream]) => ({ model: 'm', messages: list, ...members, ...stream }));
}
