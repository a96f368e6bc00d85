import assert from 'node:assert/strict';
import type { ProviderCall } from '../../../src/core/ports/provider.ts';
import { messagesDialect } from '../../../src/providers/anthropic/index.ts';
import { callOf } from '../wires.ts';

const dialect = messagesDialect(4096);
const picture = { type: 'image' as const, url: 'https://example.com/a.png' };
const shown = { type: 'image', source: { type: 'url', url: picture.url } };

describe('to-messages-request', () => {
  const table: [title: string, call: Partial<ProviderCall>, want: object][] = [
    ['nothing more than it must', {}, {}],
    ['a stream', { stream: true }, { stream: true }],
    ['the instructions', { instructions: 'Be brief.' }, { system: 'Be brief.' }],
    ['no empty instructions', { instructions: '' }, {}],
    ['the sampling', { temperature: 0, topP: 0.9 }, { temperature: 0, top_p: 0.9 }],
    ['the limits', { maxOutputTokens: 100, stop: ['END'] }, { max_tokens: 100, stop_sequences: ['END'] }],
    [
      'tools, with the type that a schema of nothing leaves out',
      {
        tools: [
          { name: 'look', description: 'Looks.', parameters: { type: 'object', properties: { at: {} } } },
          { name: 'go', parameters: {} },
        ],
      },
      {
        tools: [
          { name: 'look', description: 'Looks.', input_schema: { type: 'object', properties: { at: {} } } },
          { name: 'go', input_schema: { type: 'object' } },
        ],
      },
    ],
    ['toolChoice auto', { toolChoice: 'auto' }, { tool_choice: { type: 'auto' } }],
    ['toolChoice none', { toolChoice: 'none' }, { tool_choice: { type: 'none' } }],
    ['toolChoice required', { toolChoice: 'required' }, { tool_choice: { type: 'any' } }],
    ['toolChoice of a name', { toolChoice: { name: 'look' } }, { tool_choice: { type: 'tool', name: 'look' } }],
    ['topK', { topK: 40 }, { top_k: 40 }],
    ['penalties of nothing', { presencePenalty: 0, frequencyPenalty: 0 }, {}],
    [
      'a strict tool',
      { tools: [{ name: 'look', parameters: {}, strict: true }] },
      { tools: [{ name: 'look', input_schema: { type: 'object' }, strict: true }] },
    ],
    [
      'one tool at a time',
      { tools: [{ name: 'look', parameters: {} }], parallelToolCalls: false },
      {
        tools: [{ name: 'look', input_schema: { type: 'object' } }],
        tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      },
    ],
    [
      'one of a tool by name',
      { tools: [{ name: 'look', parameters: {} }], toolChoice: { name: 'look' }, parallelToolCalls: false },
      {
        tools: [{ name: 'look', input_schema: { type: 'object' } }],
        tool_choice: { type: 'tool', name: 'look', disable_parallel_tool_use: true },
      },
    ],
    ['one tool at a time, without tools', { parallelToolCalls: false }, {}],
    ['several tools at a time', { toolChoice: 'required', parallelToolCalls: true }, { tool_choice: { type: 'any' } }],
    [
      'what a schema is for',
      { responseFormat: { type: 'json_schema', name: 'person', description: 'Who.', schema: { type: 'object' } } },
      { output_config: { format: { type: 'json_schema', schema: { description: 'Who.', type: 'object' } } } },
    ],
    ['plain text', { responseFormat: { type: 'text' } }, {}],
    [
      'a schema',
      { responseFormat: { type: 'json_schema', name: 'person', schema: { type: 'object' }, strict: true } },
      { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
    ],
    ...(['low', 'medium', 'high', 'xhigh', 'max'] as const).map((effort): [string, Partial<ProviderCall>, object] => [
      `the effort ${effort}`,
      { reasoningEffort: effort },
      { output_config: { effort } },
    ]),
    [
      'where what the cache is to keep ends',
      { cache: '1h' },
      {
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'hi', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
        ],
      },
    ],
    [
      'the effort beside a schema',
      { reasoningEffort: 'low', responseFormat: { type: 'json_schema', name: 'person', schema: { type: 'object' } } },
      { output_config: { effort: 'low', format: { type: 'json_schema', schema: { type: 'object' } } } },
    ],
  ];
  for (const [title, call, want] of table)
    it(`says ${title}`, () => {
      assert.deepEqual(wireOf(callOf('hi', { stream: false, ...call })), {
        model: 'model',
        max_tokens: 4096,
        messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
        ...want,
      });
    });

  for (const [title, call, parameter] of [
    ['a seed', { seed: 0 }, 'seed'],
    ['a temperature above 1', { temperature: 1.1 }, 'temperature'],
    ['a presence penalty', { presencePenalty: 0.5 }, 'presencePenalty'],
    ['a frequency penalty', { frequencyPenalty: -1 }, 'frequencyPenalty'],
    ['JSON without a schema', { responseFormat: { type: 'json' } }, 'responseFormat'],
    ['no thinking at all', { reasoningEffort: 'none' }, 'reasoningEffort'],
    ['few words', { verbosity: 'low' }, 'verbosity'],
    [
      'a picture looked at less closely',
      { messages: [{ role: 'user', parts: [{ ...picture, detail: 'low' }] }] },
      'detail',
    ],
    ['many words', { verbosity: 'high' }, 'verbosity'],
    ['less thinking than a little', { reasoningEffort: 'minimal' }, 'reasoningEffort'],
  ] as [string, Partial<ProviderCall>, string][])
    it(`refuses ${title} by name`, () => {
      assert.throws(() => wireOf(callOf('hi', call)), {
        name: 'ProviderError',
        kind: 'unsupported_parameter',
        parameter,
      });
    });

  const conversations: [title: string, messages: ProviderCall['messages'], want: object[]][] = [
    [
      'images by URL and inline, in their order',
      [
        {
          role: 'user',
          parts: [
            { type: 'image', url: 'https://example.com/a.png' },
            { type: 'text', text: 'and' },
            { type: 'image', data: 'aGk=', mediaType: 'image/jpeg' },
          ],
        },
      ],
      [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
            { type: 'text', text: 'and' },
            { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'aGk=' } },
          ],
        },
      ],
    ],
    [
      'calls side by side, then their results before what the user says',
      [
        {
          role: 'assistant',
          parts: [
            { type: 'text', text: 'Let me see.' },
            { type: 'tool_call', id: 'a', name: 'one', arguments: '{"x":1}' },
            { type: 'tool_call', id: 'b', name: 'two', arguments: '' },
            { type: 'tool_call', id: 'c', name: 'two', arguments: '{"cut' },
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
      [
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'Let me see.' },
            { type: 'tool_use', id: 'a', name: 'one', input: { x: 1 } },
            { type: 'tool_use', id: 'b', name: 'two', input: {} },
            { type: 'tool_use', id: 'c', name: 'two', input: { arguments: '{"cut' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'a', content: 'yes' },
            { type: 'tool_result', tool_use_id: 'b', content: 'no file', is_error: true },
            { type: 'tool_result', tool_use_id: 'c', content: 'cancelled', is_error: true },
            { type: 'text', text: 'so?' },
          ],
        },
      ],
    ],
    [
      'the pictures of results, bar those of one that failed, which are shown behind it',
      [
        {
          role: 'user',
          parts: [
            { type: 'tool_result', toolCallId: 'a', content: 'a cat', images: [{ ...picture, detail: 'high' }] },
            { type: 'tool_result', toolCallId: 'b', content: '', images: [picture] },
            { type: 'tool_result', toolCallId: 'c', content: 'too dark', images: [picture], status: 'failed' },
          ],
        },
      ],
      [
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'a cat' }, shown] },
            { type: 'tool_result', tool_use_id: 'b', content: [shown] },
            { type: 'tool_result', tool_use_id: 'c', content: 'too dark', is_error: true },
            { type: 'text', text: '[images of the tool result c]' },
            shown,
          ],
        },
      ],
    ],
    [
      'nothing where nothing was said',
      [
        { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
        { role: 'assistant', parts: [] },
        {
          role: 'user',
          parts: [
            { type: 'text', text: ' \n' },
            { type: 'text', text: 'well?' },
          ],
        },
      ],
      [
        { role: 'user', content: [{ type: 'text', text: 'hi' }] },
        { role: 'user', content: [{ type: 'text', text: 'well?' }] },
      ],
    ],
    [
      "a picture of the assistant's in words",
      [{ role: 'assistant', parts: [{ type: 'image', url: 'https://example.com/a.png' }] }],
      [{ role: 'assistant', content: [{ type: 'text', text: '[image: https://example.com/a.png]' }] }],
    ],
  ];
  for (const [title, messages, want] of conversations)
    it(`says ${title}`, () => {
      assert.deepEqual(wireOf(callOf('', { messages })).messages, want);
    });

  it('refuses an image that is nowhere', () => {
    const call = callOf('', { messages: [{ role: 'user', parts: [{ type: 'image', data: 'aGk=' }] }] });
    assert.throws(() => wireOf(call), { name: 'ProviderError', kind: 'invalid_request' });
  });
});

/** As it goes on the wire, where undefined members are none. */
function wireOf(call: ProviderCall): { messages?: unknown } {
  return JSON.parse(JSON.stringify(dialect.toRequest(call)));
}
