import assert from 'node:assert/strict';
import type { ProviderCall } from '../../../src/core/ports/provider.ts';
import { chatDialect } from '../../../src/providers/openai/index.ts';
import { callOf } from '../wires.ts';

const compatible = chatDialect('http://127.0.0.1:11434/v1');

describe('to-chat-request', () => {
  const table: [title: string, call: Partial<ProviderCall>, want: object][] = [
    ['nothing more than it must', {}, {}],
    ['a stream, with its usage', { stream: true }, { stream: true, stream_options: { include_usage: true } }],
    ['no temperature but 0', { temperature: 0 }, { temperature: 0 }],
    ['the sampling', { temperature: 1.5, topP: 0.9, seed: 7 }, { temperature: 1.5, top_p: 0.9, seed: 7 }],
    ['the limits', { maxOutputTokens: 100, stop: ['END', '\n'] }, { max_tokens: 100, stop: ['END', '\n'] }],
    [
      'tools',
      {
        tools: [
          { name: 'look', description: 'Looks.', parameters: { type: 'object' } },
          { name: 'go', parameters: {} },
        ],
      },
      {
        tools: [
          { type: 'function', function: { name: 'look', description: 'Looks.', parameters: { type: 'object' } } },
          { type: 'function', function: { name: 'go', parameters: {} } },
        ],
      },
    ],
    [
      'how strictly a tool is called',
      { tools: [{ name: 'go', parameters: {}, strict: true }] },
      { tools: [{ type: 'function', function: { name: 'go', parameters: {}, strict: true } }] },
    ],
    ['the penalties', { presencePenalty: 1, frequencyPenalty: -1 }, { presence_penalty: 1, frequency_penalty: -1 }],
    ['one tool at a time', { parallelToolCalls: false }, { parallel_tool_calls: false }],
    ['how much to think', { reasoningEffort: 'xhigh' }, { reasoning_effort: 'xhigh' }],
    ['how much to say', { verbosity: 'low' }, { verbosity: 'low' }],
    ['that nothing is to be thought', { reasoningEffort: 'none' }, { reasoning_effort: 'none' }],
    ['toolChoice auto', { toolChoice: 'auto' }, { tool_choice: 'auto' }],
    ['toolChoice none', { toolChoice: 'none' }, { tool_choice: 'none' }],
    ['toolChoice required', { toolChoice: 'required' }, { tool_choice: 'required' }],
    [
      'toolChoice of a name',
      { toolChoice: { name: 'look' } },
      { tool_choice: { type: 'function', function: { name: 'look' } } },
    ],
    ['plain text', { responseFormat: { type: 'text' } }, {}],
    ['JSON', { responseFormat: { type: 'json' } }, { response_format: { type: 'json_object' } }],
    [
      'a schema',
      {
        responseFormat: {
          type: 'json_schema',
          name: 'person',
          description: 'Who.',
          schema: { type: 'object' },
          strict: true,
        },
      },
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'person', description: 'Who.', schema: { type: 'object' }, strict: true },
        },
      },
    ],
  ];
  for (const [title, call, want] of table)
    it(`says ${title}`, () => {
      assert.deepEqual(wireOf(callOf('hi', { stream: false, ...call })), {
        model: 'model',
        messages: [{ role: 'user', content: 'hi' }],
        ...want,
      });
    });

  for (const [baseUrl, member] of [
    ['https://api.openai.com/v1', 'max_completion_tokens'],
    ['https://mine.openai.azure.com/openai/v1', 'max_completion_tokens'],
    ['http://api.openai.com.example/v1', 'max_tokens'],
    ['http://127.0.0.1:11434/v1', 'max_tokens'],
  ] as const)
    it(`limits by ${member} at ${baseUrl}`, () => {
      const request = chatDialect(baseUrl).toRequest(callOf('hi', { maxOutputTokens: 9 }));
      assert.equal(JSON.parse(JSON.stringify(request))[member], 9);
    });

  const conversations: [title: string, call: Pick<ProviderCall, 'messages' | 'instructions'>, want: object[]][] = [
    [
      'instructions first',
      { instructions: 'Be brief.', messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }] },
      [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hi' },
      ],
    ],
    [
      'no empty instructions',
      { instructions: '', messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }] },
      [{ role: 'user', content: 'hi' }],
    ],
    [
      'several texts as one',
      {
        messages: [
          {
            role: 'user',
            parts: [
              { type: 'text', text: 'a' },
              { type: 'text', text: 'b' },
            ],
          },
        ],
      },
      [{ role: 'user', content: 'ab' }],
    ],
    [
      'images by URL and inline, in their order',
      {
        messages: [
          {
            role: 'user',
            parts: [
              { type: 'image', url: 'https://example.com/a.png' },
              { type: 'text', text: 'and' },
              { type: 'image', data: 'aGk=', mediaType: 'image/jpeg' },
            ],
          },
        ],
      },
      [
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
            { type: 'text', text: 'and' },
            { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,aGk=' } },
          ],
        },
      ],
    ],
    [
      'calls side by side, their results right behind, then what the user says',
      {
        messages: [
          {
            role: 'assistant',
            parts: [
              { type: 'tool_call', id: 'a', name: 'one', arguments: '{"x":1}' },
              { type: 'tool_call', id: 'b', name: 'two', arguments: '' },
              { type: 'tool_call', id: 'c', name: 'two', arguments: '{' },
            ],
          },
          {
            role: 'user',
            parts: [
              { type: 'text', text: 'so?' },
              { type: 'tool_result', toolCallId: 'a', content: 'yes', status: 'completed' },
              { type: 'tool_result', toolCallId: 'b', content: 'no file', status: 'failed' },
              { type: 'tool_result', toolCallId: 'c', content: '', status: 'cancelled' },
            ],
          },
        ],
      },
      [
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'a', type: 'function', function: { name: 'one', arguments: '{"x":1}' } },
            { id: 'b', type: 'function', function: { name: 'two', arguments: '' } },
            { id: 'c', type: 'function', function: { name: 'two', arguments: '{' } },
          ],
        },
        { role: 'tool', tool_call_id: 'a', content: 'yes' },
        { role: 'tool', tool_call_id: 'b', content: 'failed: no file' },
        { role: 'tool', tool_call_id: 'c', content: 'cancelled' },
        { role: 'user', content: 'so?' },
      ],
    ],
    [
      'the pictures of results behind them',
      {
        messages: [
          {
            role: 'user',
            parts: [
              {
                type: 'tool_result',
                toolCallId: 'a',
                content: 'a cat',
                images: [
                  { type: 'image', url: 'https://example.com/a.png' },
                  { type: 'image', data: 'AAAA', mediaType: 'image/png' },
                ],
              },
              { type: 'tool_result', toolCallId: 'b', content: 'no dog' },
              { type: 'text', text: 'so?' },
            ],
          },
        ],
      },
      [
        { role: 'tool', tool_call_id: 'a', content: 'a cat' },
        { role: 'tool', tool_call_id: 'b', content: 'no dog' },
        {
          role: 'user',
          content: [
            { type: 'text', text: '[images of the tool result a]' },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
            { type: 'text', text: 'so?' },
          ],
        },
      ],
    ],
    [
      'text beside a call, and an empty answer',
      {
        messages: [
          {
            role: 'assistant',
            parts: [
              { type: 'text', text: 'Let me see.' },
              { type: 'tool_call', id: 'a', name: 'one', arguments: '{}' },
            ],
          },
          { role: 'assistant', parts: [] },
        ],
      },
      [
        {
          role: 'assistant',
          content: 'Let me see.',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'one', arguments: '{}' } }],
        },
        { role: 'assistant', content: '' },
      ],
    ],
    [
      "a picture of the assistant's in words",
      {
        messages: [
          { role: 'assistant', parts: [{ type: 'image', url: 'https://example.com/a.png', description: 'a cat' }] },
        ],
      },
      [{ role: 'assistant', content: '[image: a cat]' }],
    ],
  ];
  for (const [title, { messages, instructions }, want] of conversations)
    it(`says ${title}`, () => {
      const call = callOf('', { messages, ...(instructions === undefined ? {} : { instructions }) });
      assert.deepEqual(wireOf(call).messages, want);
    });

  it('refuses an image that is nowhere', () => {
    const call = callOf('', { messages: [{ role: 'user', parts: [{ type: 'image', data: 'aGk=' }] }] });
    assert.throws(() => wireOf(call), { name: 'ProviderError', kind: 'invalid_request' });
  });
});

/** As it goes on the wire, where undefined members are none. */
function wireOf(call: ProviderCall): { messages?: unknown } {
  return JSON.parse(JSON.stringify(compatible.toRequest(call)));
}
