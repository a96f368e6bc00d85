import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Part } from '../../../src/core/message.ts';
import type { ProviderCall } from '../../../src/core/ports/provider.ts';
import { fromMessagesRequest, type MessagesRequest } from '../../../src/dialects/anthropic/from-messages-request.ts';
import { toMessagesRequest } from '../../../src/providers/anthropic/to-messages-request.ts';
import { failureOf } from '../openai/failure-of.ts';

const least: MessagesRequest = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] };

function read(changes: object, headers: Record<string, string> = {}) {
  const body = { ...least, ...changes };
  return fromMessagesRequest(body, { bytes: Buffer.from(JSON.stringify(body)), headers });
}

/** What is said in our words, beside what every request says. */
function said(changes: object): Partial<ProviderCall> {
  const { messages, maxOutputTokens, ...rest } = read(changes).toCall();
  assert.equal(maxOutputTokens, 9);
  return 'messages' in changes ? { messages, ...rest } : rest;
}

const block = (role: string, ...content: object[]) => ({
  messages: [{ role, content }, ...(role === 'user' ? [] : least.messages)],
});
const parts = (...given: Part[]) => ({ messages: [{ role: 'user' as const, parts: given }] });

describe('from-messages-request', () => {
  const table: [title: string, request: object, want: Partial<ProviderCall>][] = [
    ['nothing more', {}, {}],
    [
      'nulls as nothing',
      {
        system: null,
        tools: null,
        tool_choice: null,
        temperature: null,
        metadata: null,
        thinking: null,
        output_config: null,
        stop_sequences: null,
      },
      {},
    ],
    [
      'sampling',
      { temperature: 0.5, top_p: 0.9, top_k: 40, stop_sequences: ['x'] },
      { temperature: 0.5, topP: 0.9, topK: 40, stop: ['x'] },
    ],
    ['no stop sequences', { stop_sequences: [] }, {}],
    ['a system prompt', { system: 'Be brief.' }, { instructions: 'Be brief.' }],
    [
      'one in blocks, with hints for the cache',
      {
        system: [
          { type: 'text', text: 'A', cache_control: { type: 'ephemeral' } },
          { type: 'text', text: 'B', citations: null },
        ],
      },
      { instructions: 'A\n\nB', cache: '5m' },
    ],
    [
      'one among the messages',
      {
        system: 'A',
        messages: [
          { role: 'user', content: 'x' },
          { role: 'system', content: 'B' },
          { role: 'user', content: 'y' },
        ],
      },
      {
        instructions: 'A\n\nB',
        messages: [
          { role: 'user', parts: [{ type: 'text', text: 'x' }] },
          { role: 'user', parts: [{ type: 'text', text: 'y' }] },
        ],
      },
    ],
    [
      'an image by URL',
      block('user', { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } }),
      parts({ type: 'image', url: 'https://a.example/b.png' }),
    ],
    [
      'an image',
      block('user', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }),
      parts({ type: 'image', data: 'AAAA', mediaType: 'image/png' }),
    ],
    [
      'a result',
      block('user', { type: 'tool_result', tool_use_id: 'a', content: 'yes' }),
      parts({ type: 'tool_result', toolCallId: 'a', content: 'yes' }),
    ],
    [
      'a result in blocks',
      block('user', {
        type: 'tool_result',
        tool_use_id: 'a',
        content: [
          { type: 'text', text: 'b' },
          { type: 'text', text: 'c' },
        ],
      }),
      parts({ type: 'tool_result', toolCallId: 'a', content: 'b\nc' }),
    ],
    [
      'a result with pictures',
      block('user', {
        type: 'tool_result',
        tool_use_id: 'a',
        content: [
          { type: 'text', text: 'b' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          { type: 'text', text: 'c' },
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
        ],
      }),
      parts({
        type: 'tool_result',
        toolCallId: 'a',
        content: 'b\nc',
        images: [
          { type: 'image', data: 'AAAA', mediaType: 'image/png' },
          { type: 'image', url: 'https://example.com/a.png' },
        ],
      }),
    ],
    [
      'a result of nothing',
      block('user', { type: 'tool_result', tool_use_id: 'a' }),
      parts({ type: 'tool_result', toolCallId: 'a', content: '' }),
    ],
    [
      'a failed result',
      block('user', { type: 'tool_result', tool_use_id: 'a', content: 'no', is_error: true }),
      parts({ type: 'tool_result', toolCallId: 'a', content: 'no', status: 'failed' }),
    ],
    [
      'what the assistant said',
      block(
        'assistant',
        { type: 'text', text: 'a', citations: null },
        { type: 'tool_use', id: 'b', name: 'c', input: { d: 1 } },
      ),
      {
        messages: [
          {
            role: 'assistant',
            parts: [
              { type: 'text', text: 'a' },
              { type: 'tool_call', id: 'b', name: 'c', arguments: '{"d":1}' },
            ],
          },
          { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
        ],
      },
    ],
    [
      'tools',
      {
        tools: [
          {
            name: 'a',
            description: 'A.',
            input_schema: { type: 'object' },
            strict: true,
            cache_control: { type: 'ephemeral' },
          },
          { type: 'custom', name: 'b', input_schema: {} },
        ],
      },
      {
        tools: [
          { name: 'a', description: 'A.', parameters: { type: 'object' }, strict: true },
          { name: 'b', parameters: {} },
        ],
        cache: '5m',
      },
    ],
    ['any tool', { tool_choice: { type: 'any' } }, { toolChoice: 'required' }],
    [
      'this tool, one at a time',
      { tool_choice: { type: 'tool', name: 'a', disable_parallel_tool_use: true } },
      { toolChoice: { name: 'a' }, parallelToolCalls: false },
    ],
    ['no tool', { tool_choice: { type: 'none' } }, { toolChoice: 'none' }],
    [
      'several tools at once',
      { tool_choice: { type: 'auto', disable_parallel_tool_use: false } },
      { toolChoice: 'auto', parallelToolCalls: true },
    ],
    [
      'a schema',
      { output_config: { format: { type: 'json_schema', schema: { a: 1 } } } },
      { responseFormat: { type: 'json_schema', name: 'answer', schema: { a: 1 }, strict: true } },
    ],
    [
      'a schema under its older name',
      { output_format: { type: 'json_schema', schema: {} } },
      { responseFormat: { type: 'json_schema', name: 'answer', schema: {}, strict: true } },
    ],
    ['effort', { output_config: { effort: 'xhigh' } }, { reasoningEffort: 'xhigh' }],
    ['no effort', { output_config: { effort: null } }, {}],
    [
      'effort beside a schema',
      { output_config: { effort: 'max', format: { type: 'json_schema', schema: { a: 1 } } } },
      {
        reasoningEffort: 'max',
        responseFormat: { type: 'json_schema', name: 'answer', schema: { a: 1 }, strict: true },
      },
    ],
    ['no thoughts', { thinking: { type: 'disabled' } }, {}],
    [
      'effort without thoughts',
      { thinking: { type: 'disabled' }, output_config: { effort: 'low' } },
      { reasoningEffort: 'low' },
    ],
    [
      'as many thoughts as the model likes',
      {
        thinking: { type: 'adaptive', display: 'omitted', budget_tokens: 0 },
        context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
        output_config: { effort: 'high' },
      },
      { reasoningEffort: 'high' },
    ],
    [
      'what was said beside a thought, and nothing of one that stands alone',
      {
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: [{ type: 'redacted_thinking', data: 'x' }] },
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'x', signature: 'y' },
              { type: 'text', text: 'b' },
            ],
          },
          { role: 'user', content: 'c' },
        ],
      },
      {
        messages: [
          { role: 'user', parts: [{ type: 'text', text: 'a' }] },
          { role: 'assistant', parts: [{ type: 'text', text: 'b' }] },
          { role: 'user', parts: [{ type: 'text', text: 'c' }] },
        ],
      },
    ],
    ['nothing to clear', { context_management: { edits: null } }, {}],
    ['what others have no use for', { cache_control: null, service_tier: 'auto', metadata: { user_id: 'u' } }, {}],
    ['what the cache is to keep', { cache_control: { type: 'ephemeral' } }, { cache: '5m' }],
    [
      'the longest of what the cache is to keep',
      {
        system: [{ type: 'text', text: 'A', cache_control: { type: 'ephemeral', ttl: '1h' } }],
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '5m' } }] },
        ],
      },
      { instructions: 'A', messages: [{ role: 'user', parts: [{ type: 'text', text: 'a' }] }], cache: '1h' },
    ],
  ];
  for (const [title, request, want] of table) it(`reads ${title}`, () => assert.deepEqual(said(request), want));

  it('keeps what was said for a provider of the same words', () => {
    const headers = {
      'anthropic-beta': 'a,b',
      'anthropic-version': '2023-06-01',
      'x-api-key': 'secret',
      authorization: 'secret',
    };
    const request = read({ stream: true, metadata: { user_id: 'u-1' } }, headers);
    const { original, toCall: _, ...rest } = request;
    assert.deepEqual(rest, {
      channel: 'api',
      model: 'm',
      stream: true,
      maxOutputTokens: 9,
      metadata: { user_id: 'u-1' },
    });
    assert.deepEqual(original?.headers, { 'anthropic-version': '2023-06-01', 'anthropic-beta': 'a,b' });
    assert.deepEqual([original.dialect, original.wantsUsage], ['messages', true]);
    assert.equal(JSON.parse(original.body.toString()).model, 'm');
  });

  const refused: [title: string, request: object, pointer: string][] = [
    ['a member that nobody knows', { container: 'x' }, '/container'],
    ['thoughts', { thinking: { type: 'enabled', budget_tokens: 1024 } }, '/thinking'],
    ['an effort that nobody knows', { output_config: { effort: 'heroic' } }, '/output_config/effort'],
    ['a way to answer that nobody knows', { output_config: { effort: 'low', pace: 1 } }, '/output_config/pace'],
    ['thoughts that nobody knows', { thinking: { type: 'adaptive', pace: 1 } }, '/thinking/pace'],
    ['a budget for thoughts', { thinking: { type: 'adaptive', budget_tokens: 1024 } }, '/thinking/budget_tokens'],
    [
      'the clearing of something said',
      { context_management: { edits: [{ type: 'clear_thinking_20251015' }, { type: 'clear_tool_uses_20250919' }] } },
      '/context_management/edits/1/type',
    ],
    ['another way to manage', { context_management: { summary: true } }, '/context_management/summary'],
    ['another form', { output_format: { type: 'xml' } }, '/output_format/type'],
    ['a tool of Anthropic', { tools: [{ type: 'bash_20250124', name: 'bash' }] }, '/tools/0/type'],
    [
      'a tool that is loaded later',
      { tools: [{ name: 'a', input_schema: {}, defer_loading: true }] },
      '/tools/0/defer_loading',
    ],
    ['a document', block('user', { type: 'document', source: {} }), '/messages/0/content/0/type'],
    [
      'thoughts of a user',
      block('user', { type: 'thinking', thinking: 'x', signature: 'y' }),
      '/messages/0/content/0/type',
    ],
    [
      "an image of the assistant's",
      block('assistant', { type: 'image', source: { type: 'url', url: 'https://a.example' } }),
      '/messages/0/content/0/type',
    ],
    [
      'a call of the user',
      block('user', { type: 'tool_use', id: 'a', name: 'b', input: {} }),
      '/messages/0/content/0/type',
    ],
    [
      'an image in a file',
      block('user', { type: 'image', source: { type: 'file', file_id: 'f' } }),
      '/messages/0/content/0/source/type',
    ],
    [
      'an image of another kind',
      block('user', { type: 'image', source: { type: 'base64', media_type: 'image/bmp', data: 'AA' } }),
      '/messages/0/content/0/source/media_type',
    ],
    [
      'a result with a document',
      block('user', { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'document' }] }),
      '/messages/0/content/0/content/0/type',
    ],
    [
      'quotes',
      block('assistant', { type: 'text', text: 'a', citations: [{ type: 'char_location' }] }),
      '/messages/0/content/0/citations',
    ],
    ['words in its mouth', { messages: [...least.messages, { role: 'assistant', content: 'I' }] }, '/messages/1/role'],
    ['a system prompt with images', { system: [{ type: 'image' }] }, '/system/0/type'],
    ['what is said of the request', { metadata: { team: 'red' } }, '/metadata/team'],
  ];
  for (const [title, request, pointer] of refused)
    it(`refuses ${title} by name`, () =>
      assert.deepEqual(
        failureOf(() => read(request).toCall()),
        ['UNSUPPORTED_PARAMETER', pointer],
      ));

  const wrong: [title: string, request: object, pointer: string][] = [
    ['a role', { messages: [{ role: 'tool', content: 'x' }] }, '/messages/0/role'],
    ['nothing but instructions', { messages: [{ role: 'system', content: 'x' }] }, '/messages'],
    ['a call without a name', block('assistant', { type: 'tool_use', id: 'a' }), '/messages/0/content/0/name'],
    ['a result of no call', block('user', { type: 'tool_result' }), '/messages/0/content/0/tool_use_id'],
    ['text without text', block('user', { type: 'text' }), '/messages/0/content/0/text'],
    ['an image of nothing', block('user', { type: 'image' }), '/messages/0/content/0/source'],
    [
      'an image of nothing in a result',
      block('user', { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'image' }] }),
      '/messages/0/content/0/content/0/source',
    ],
    [
      'an image without data',
      block('user', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: '?' } }),
      '/messages/0/content/0/source/data',
    ],
    [
      'a URL that is none',
      block('user', { type: 'image', source: { type: 'url', url: 'file:///a' } }),
      '/messages/0/content/0/source/url',
    ],
    ['a tool without a schema', { tools: [{ name: 'a' }] }, '/tools/0/input_schema'],
    ['a choice of nothing', { tool_choice: { type: 'tool' } }, '/tool_choice/name'],
    ['a choice that there is not', { tool_choice: { type: 'some' } }, '/tool_choice/type'],
    [
      'two forms',
      {
        output_format: { type: 'json_schema', schema: {} },
        output_config: { format: { type: 'json_schema', schema: {} } },
      },
      '/output_format',
    ],
    ['a form without a schema', { output_format: { type: 'json_schema' } }, '/output_format/schema'],
  ];
  for (const [title, request, pointer] of wrong)
    it(`says what is wrong with ${title}`, () =>
      assert.deepEqual(
        failureOf(() => read(request).toCall()),
        ['INVALID_REQUEST', pointer],
      ));

  it('is the same request again when it is put back into these words', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const call = {
          ...fromMessagesRequest(request, { bytes: Buffer.of(), headers: {} }).toCall(),
          model: request.model,
        };
        const again = JSON.parse(JSON.stringify(toMessagesRequest({ ...call, stream: request.stream ?? false }, 1)));
        assert.deepEqual(again, request);
      }),
      { numRuns: 300 },
    );
  });
});

const text = fc.string({ minLength: 1 }).filter((words) => words.trim() !== '');
const name = fc.stringMatching(/^[a-z_]{1,9}$/);
const textBlock = fc.record({ type: fc.constant('text'), text });
const imageBlock = fc.record({
  type: fc.constant('image'),
  source: fc.oneof(
    fc.record({ type: fc.constant('url'), url: fc.webUrl() }),
    fc.record({
      type: fc.constant('base64'),
      media_type: fc.constantFrom('image/png', 'image/webp'),
      data: fc.constant('iVBORw0='),
    }),
  ),
});
const results = fc.array(
  fc.record(
    { type: fc.constant('tool_result'), tool_use_id: name, content: text, is_error: fc.constant(true) },
    { requiredKeys: ['type', 'tool_use_id', 'content'] },
  ),
  { maxLength: 2 },
);
const json = fc
  .dictionary(name, fc.jsonValue())
  .map((value): Record<string, unknown> => JSON.parse(JSON.stringify(value)));
const toolUse = fc.record({ type: fc.constant('tool_use'), id: name, name, input: json });
const user = fc
  .tuple(results, fc.array(fc.oneof(textBlock, imageBlock), { minLength: 1, maxLength: 3 }))
  .map(([before, blocks]) => ({ role: 'user', content: [...before, ...blocks] }));
const assistant = fc
  .array(fc.oneof(textBlock, toolUse), { minLength: 1, maxLength: 3 })
  .map((content) => ({ role: 'assistant', content }));

/** Requests as our own adapter of this wire would write them: what means the same can be written in several ways. */
const requests: fc.Arbitrary<MessagesRequest> = fc
  .record(
    {
      model: name,
      max_tokens: fc.integer({ min: 1, max: 9999 }),
      messages: fc
        .tuple(fc.array(fc.oneof(user, assistant), { maxLength: 4 }), user)
        .map(([before, last]) => [...before, last]),
      system: text,
      stream: fc.constant(true),
      temperature: fc.constantFrom(0, 0.5, 1),
      top_p: fc.constantFrom(0.1, 1),
      top_k: fc.nat(),
      stop_sequences: fc.array(text, { minLength: 1, maxLength: 3 }),
      tools: fc.array(
        fc.record(
          {
            name,
            description: text,
            input_schema: json.map((schema) => ({ type: 'object', ...schema })),
            strict: fc.boolean(),
          },
          { requiredKeys: ['name', 'input_schema'] },
        ),
        { minLength: 1, maxLength: 3 },
      ),
      tool_choice: fc.oneof(
        fc.record({ type: fc.constantFrom('auto', 'any', 'none') }),
        fc.record({ type: fc.constant('tool'), name }),
      ),
      output_config: json.map((schema) => ({ format: { type: 'json_schema', schema } })),
    },
    { requiredKeys: ['model', 'max_tokens', 'messages'] },
  )
  .chain((request) =>
    // One tool at a time can only be said where there are tools to choose from.
    request.tools && request.tool_choice && request.tool_choice.type !== 'none'
      ? fc
          .boolean()
          .map((one) =>
            one ? { ...request, tool_choice: { ...request.tool_choice, disable_parallel_tool_use: true } } : request,
          )
      : fc.constant(request),
  )
  .map((request): MessagesRequest => JSON.parse(JSON.stringify(request)));
