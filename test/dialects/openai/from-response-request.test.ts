import assert from 'node:assert/strict';
import type { Part } from '../../../src/core/message.ts';
import type { ChatRequest } from '../../../src/core/run.ts';
import { placeOfItem, runOfResponse } from '../../../src/dialects/openai/answer-ids.ts';
import { referencesIn } from '../../../src/dialects/openai/from-response-items.ts';
import {
  isStored,
  type ResponseRequest,
  toCompletion,
  toTurn,
} from '../../../src/dialects/openai/from-response-request.ts';
import { failureOf } from './failure-of.ts';

const stored = new Map<string, Part>([['msg_1_0', { type: 'text', text: 'said before' }]]);
const find = (id: string) => stored.get(id);
const least: ResponseRequest = { input: 'hi' };
const turnOf = (more: ResponseRequest) => toTurn({ ...least, ...more }, find);
const source = { bytes: Buffer.from('{}'), headers: {} };
const callOf = (more: ResponseRequest) => toCompletion({ ...least, ...more }, source, find, 'default').toCall();

const text = (value: string) => ({ type: 'text' as const, text: value });
const call = (id: string) => ({ type: 'function_call', call_id: id, name: 'look', arguments: '{}' });
const callPart = (id: string) => ({ type: 'tool_call' as const, id, name: 'look', arguments: '{}' });
const output = (id: string, value: string) => ({ type: 'function_call_output', call_id: id, output: value });
const result = (id: string, content: string) => ({ type: 'tool_result' as const, toolCallId: id, content });

const search = { type: 'function', name: 'search', description: 'Searches.', parameters: { type: 'object' } };
const patch = {
  type: 'custom',
  name: 'patch',
  description: 'Edits.',
  format: { type: 'grammar', syntax: 'lark', definition: 'start: /.+/' },
};
const namespaceOf = <Tool extends { type: string; name: string }>(tool: Tool) => ({
  type: 'namespace',
  name: 'mcp__docs',
  tools: [tool],
});
const oneText = (input: object) => ({
  type: 'object',
  properties: { input },
  required: ['input'],
  additionalProperties: false,
});

describe('from-response-request', () => {
  it('is kept unless the client says otherwise', () => {
    assert.deepEqual([{}, { store: null }, { store: true }, { store: false }].map(isStored), [true, true, true, false]);
  });

  it('is a turn that begins a session, or one that goes on behind another', () => {
    assert.deepEqual(turnOf({ model: 'm', stream: true, metadata: { a: 'b' } }), {
      channel: 'api',
      model: 'm',
      before: [],
      input: [text('hi')],
      stream: true,
      metadata: { a: 'b' },
    });
    assert.equal(turnOf({ previous_response_id: 'resp_01kaq' }).previousRunId, 'run_01kaq');
  });

  it('is a completion where nothing is to be kept', () => {
    const { toCall: _, ...completion } = toCompletion({ ...least, max_output_tokens: 5 }, source, find, 'default');
    assert.deepEqual(completion, { channel: 'api', model: 'default', stream: false, maxOutputTokens: 5 });
    assert.deepEqual(callOf({}), { messages: [{ role: 'user', parts: [text('hi')] }] });
  });

  it('goes as it came to a provider that has responses, unless only we know what it names', () => {
    const headers = { 'openai-beta': 'x', authorization: 'secret' };
    const originalOf = (more: ResponseRequest) =>
      toCompletion({ ...least, ...more }, { ...source, headers }, find, 'default').original;
    const original = { dialect: 'responses', body: source.bytes, wantsUsage: true, headers: { 'openai-beta': 'x' } };
    assert.deepEqual(originalOf({ model: 'm' }), original);
    assert.equal(originalOf({}), undefined);
    assert.equal(originalOf({ model: 'm', input: [{ type: 'item_reference', id: 'msg_1_0' }] }), undefined);
  });

  const members: [title: string, request: ResponseRequest, want: Partial<ChatRequest>][] = [
    ['nulls as nothing', { temperature: null, tools: null, text: null, reasoning: null, prompt: null }, {}],
    ['sampling', { temperature: 0, top_p: 1 }, { temperature: 0, topP: 1 }],
    ['the limit', { max_output_tokens: 16 }, { maxOutputTokens: 16 }],
    ['one tool at a time', { parallel_tool_calls: false }, { parallelToolCalls: false }],
    ['how much to think', { reasoning: { effort: 'low' } }, { reasoningEffort: 'low' }],
    ['as much thinking as there is', { reasoning: { effort: 'max', summary: 'auto' } }, { reasoningEffort: 'max' }],
    ['no thinking', { reasoning: { effort: 'none', summary: null } }, { reasoningEffort: 'none' }],
    ['that little is to be said', { text: { verbosity: 'low' } }, { verbosity: 'low' }],
    [
      'that much is to be said, in which form',
      { text: { verbosity: 'high', format: { type: 'json_object' } } },
      { verbosity: 'high', responseFormat: { type: 'json' } },
    ],
    ['as much said as usual as nothing', { text: { verbosity: 'medium', format: null } }, {}],
    ['nothing of how much is to be said', { text: { verbosity: null } }, {}],
    ['instructions', { instructions: 'be brief' }, { instructions: 'be brief' }],
    ['JSON', { text: { format: { type: 'json_object' } } }, { responseFormat: { type: 'json' } }],
    [
      'a schema',
      { text: { format: { type: 'json_schema', name: 'n', schema: { a: 1 }, strict: false }, verbosity: 'medium' } },
      { responseFormat: { type: 'json_schema', name: 'n', schema: { a: 1 }, strict: false } },
    ],
    [
      'functions',
      {
        tools: [
          { type: 'function', name: 'look', parameters: { type: 'object' }, strict: true },
          { type: 'function', name: 'go', parameters: null },
        ],
      },
      {
        tools: [
          { name: 'look', parameters: { type: 'object' }, strict: true },
          { name: 'go', parameters: { type: 'object', properties: {} } },
        ],
      },
    ],
    ['tool_choice', { tool_choice: { type: 'function', name: 'look' } }, { toolChoice: { name: 'look' } }],
    [
      'the choice of a custom tool',
      { tool_choice: { type: 'custom', name: 'patch' } },
      { toolChoice: { name: 'patch' } },
    ],
    [
      'functions of a namespace under both names',
      { tools: [namespaceOf(search)] },
      { tools: [{ name: 'mcp__docs__search', description: 'Searches.', parameters: { type: 'object' } }] },
    ],
    [
      'a custom tool as a function of one text, which is told of the grammar',
      { tools: [patch, { type: 'custom', name: 'say', format: { type: 'text' } }] },
      {
        tools: [
          {
            name: 'patch',
            description: 'Edits.',
            parameters: oneText({ type: 'string', description: 'Keeps to this lark grammar:\nstart: /.+/' }),
          },
          { name: 'say', parameters: oneText({ type: 'string' }) },
        ],
      },
    ],
    [
      'tools that come in the middle of a conversation',
      {
        tools: [{ ...search, name: 'first' }],
        input: [
          { role: 'user', content: 'hi' },
          { type: 'additional_tools', tools: [search] },
        ],
      },
      {
        tools: [
          { name: 'first', description: 'Searches.', parameters: { type: 'object' } },
          { name: 'search', description: 'Searches.', parameters: { type: 'object' } },
        ],
      },
    ],
    [
      'what says nothing that a provider would have to hear',
      {
        background: false,
        truncation: 'disabled',
        service_tier: 'auto',
        max_tool_calls: 3,
        include: ['reasoning.encrypted_content'],
        reasoning: { effort: null, summary: 'auto', generate_summary: 'auto', context: 'all_turns', mode: 'standard' },
        prompt_cache_key: 'k',
        client_metadata: { 'x-codex-installation-id': 'i' },
        stream_options: { include_obfuscation: false },
        user: 'ann',
      },
      {},
    ],
  ];
  for (const [title, request, want] of members) {
    it(`reads ${title}`, () => {
      const { channel: _, before: __, input: ___, stream: ____, ...rest } = turnOf(request);
      assert.deepEqual(rest, want);
      const { messages: _____, ...call } = callOf(request);
      assert.deepEqual(call, want);
    });
  }

  const inputs: [
    title: string,
    input: NonNullable<ResponseRequest['input']>,
    want: Pick<ChatRequest, 'before' | 'input' | 'instructions'>,
  ][] = [
    [
      'messages of all roles',
      [
        { role: 'developer', content: 'be brief' },
        { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'and kind' }] },
        { role: 'user', content: 'a' },
        {
          role: 'assistant',
          content: [
            { type: 'output_text', text: 'b', annotations: [], logprobs: [] },
            { type: 'refusal', refusal: 'c' },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'd' },
            { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'auto', file_id: null },
          ],
        },
      ],
      {
        instructions: 'be brief\n\nand kind',
        before: [
          { role: 'user', parts: [text('a')] },
          { role: 'assistant', parts: [text('bc')] },
        ],
        input: [text('d'), { type: 'image', url: 'https://example.com/a.png' }],
      },
    ],
    [
      'calls with what was said before them, and results with what is said behind them',
      [
        { role: 'user', content: 'a' },
        { id: 'msg_1', type: 'message', status: 'completed', role: 'assistant', content: 'let me see' },
        { ...call('1'), id: 'fc_1', status: 'completed' },
        { ...call('2'), parsed_arguments: {} },
        output('1', 'one'),
        { ...output('2', ''), output: [{ type: 'input_text', text: 'two' }] },
        { role: 'user', content: 'and?' },
      ],
      {
        before: [
          { role: 'user', parts: [text('a')] },
          { role: 'assistant', parts: [text('let me see'), callPart('1'), callPart('2')] },
        ],
        input: [result('1', 'one'), result('2', 'two'), text('and?')],
      },
    ],
    [
      'an item of a stored response by its name',
      [
        { role: 'user', content: 'a' },
        { type: 'item_reference', id: 'msg_1_0' },
        { id: 'msg_1_0' },
        { role: 'user', content: 'b' },
      ],
      {
        before: [
          { role: 'user', parts: [text('a')] },
          { role: 'assistant', parts: [text('said before')] },
          { role: 'assistant', parts: [text('said before')] },
        ],
        input: [text('b')],
      },
    ],
    ['results alone', [output('1', 'one')], { before: [], input: [result('1', 'one')] }],
    [
      'calls of custom tools and of a namespace, and nothing of what was thought before them',
      [
        { role: 'user', content: 'q' },
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'c2VhbGVk' },
        { type: 'custom_tool_call', id: 'ctc_1', call_id: '1', name: 'patch', input: '*** "Begin"' },
        { ...call('2'), namespace: 'mcp__docs' },
        { ...output('1', 'one'), type: 'custom_tool_call_output' },
        output('2', 'two'),
      ],
      {
        before: [
          { role: 'user', parts: [text('q')] },
          {
            role: 'assistant',
            parts: [
              { type: 'tool_call', id: '1', name: 'patch', arguments: '{"input":"*** \\"Begin\\""}' },
              { ...callPart('2'), name: 'mcp__docs__look' },
            ],
          },
        ],
        input: [result('1', 'one'), result('2', 'two')],
      },
    ],
    [
      'a result with a picture',
      [
        {
          ...output('1', ''),
          output: [
            { type: 'input_text', text: 'seen' },
            { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'auto' },
            { type: 'input_image', image_url: 'https://example.com/b.png', detail: 'original' },
          ],
        },
      ],
      {
        before: [],
        input: [
          {
            ...result('1', 'seen'),
            images: [
              { type: 'image', url: 'https://example.com/a.png' },
              { type: 'image', url: 'https://example.com/b.png', detail: 'high' },
            ],
          },
        ],
      },
    ],
  ];
  for (const [title, input, want] of inputs) {
    it(`reads ${title}`, () => {
      const { before, input: last, instructions } = turnOf({ input });
      assert.deepEqual({ before, input: last, ...(instructions === undefined ? {} : { instructions }) }, want);
    });
  }

  it('puts instructions before what the input says of them', () => {
    const input = [
      { role: 'system' as const, content: 'b' },
      { role: 'user' as const, content: 'q' },
    ];
    assert.equal(turnOf({ instructions: 'a', input }).instructions, 'a\n\nb');
  });

  const part = (value: object) => item({ role: 'user', content: [{ type: 'input_text', text: 'a', ...value }] });
  // As it comes: the cases are what the contract lets pass, not what its types name.
  const item = (value: object): ResponseRequest =>
    JSON.parse(JSON.stringify({ input: [value, { role: 'user', content: 'q' }] }));

  const refused: [code: string, pointer: string, request: ResponseRequest][] = [
    ['UNSUPPORTED_PARAMETER', '/background', { background: true }],
    ['UNSUPPORTED_PARAMETER', '/truncation', { truncation: 'auto' }],
    ['UNSUPPORTED_PARAMETER', '/conversation', { conversation: 'conv_1' }],
    ['UNSUPPORTED_PARAMETER', '/prompt', { prompt: { id: 'p' } }],
    ['UNSUPPORTED_PARAMETER', '/reasoning/effort', { reasoning: { effort: 'heroic' } }],
    ['UNSUPPORTED_PARAMETER', '/reasoning/summary', { reasoning: { effort: 'low', summary: 'concise' } }],
    ['UNSUPPORTED_PARAMETER', '/reasoning/summary', { reasoning: { summary: 'detailed' } }],
    ['UNSUPPORTED_PARAMETER', '/reasoning/generate_summary', { reasoning: { generate_summary: 'detailed' } }],
    ['UNSUPPORTED_PARAMETER', '/reasoning/mode', { reasoning: { mode: 'pro' } }],
    ['UNSUPPORTED_PARAMETER', '/text/verbosity', { text: { verbosity: 'epic' } }],
    ['UNSUPPORTED_PARAMETER', '/text/tone', { text: { verbosity: 'low', tone: 'warm' } }],
    ['UNSUPPORTED_PARAMETER', '/text/format/type', { text: { format: { type: 'grammar' } } }],
    [
      'UNSUPPORTED_PARAMETER',
      '/include/1',
      { include: ['reasoning.encrypted_content', 'message.output_text.logprobs'] },
    ],
    ['UNSUPPORTED_PARAMETER', '/stream_options/often', { stream_options: { often: 1 } }],
    ['UNSUPPORTED_PARAMETER', '/tools/0/type', { tools: [{ type: 'web_search' }] }],
    [
      'UNSUPPORTED_PARAMETER',
      '/tools/0/defer_loading',
      { tools: [{ type: 'function', name: 'a', defer_loading: true }] },
    ],
    ['UNSUPPORTED_PARAMETER', '/tool_choice/type', { tool_choice: { type: 'file_search' } }],
    ['UNSUPPORTED_PARAMETER', '/input/0/type', item({ type: 'web_search_call', id: 'ws_1' })],
    ['UNSUPPORTED_PARAMETER', '/input/0/tools/0/type', item({ type: 'additional_tools', tools: [{ type: 'mcp' }] })],
    ['UNSUPPORTED_PARAMETER', '/tools/0/tools/0/type', { tools: [namespaceOf({ type: 'namespace', name: 'b' })] }],
    ['UNSUPPORTED_PARAMETER', '/tools/0/tools/0/strictly', { tools: [namespaceOf({ ...search, strictly: true })] }],
    ['UNSUPPORTED_PARAMETER', '/tools/0/max', { tools: [{ ...patch, max: 1 }] }],
    ['UNSUPPORTED_PARAMETER', '/input/0/content/0/type', part({ type: 'input_file' })],
    ['UNSUPPORTED_PARAMETER', '/input/0/content/0/file_id', part({ type: 'input_image', text: null, file_id: 'f' })],
    [
      'UNSUPPORTED_PARAMETER',
      '/input/0/content/0/detail',
      part({ type: 'input_image', text: null, image_url: 'https://a.b/c', detail: 'fine' }),
    ],
    ['UNSUPPORTED_PARAMETER', '/input/0/phase', item({ role: 'assistant', content: 'a', phase: 'commentary' })],
    ['INVALID_REQUEST', '/input', { input: null }],
    ['INVALID_REQUEST', '/input', { input: [{ role: 'assistant', content: 'a' }] }],
    ['INVALID_REQUEST', '/input/0/content', item({ role: 'user' })],
    ['INVALID_REQUEST', '/input/0/content', item({ role: 'user', content: [] })],
    ['INVALID_REQUEST', '/input/0/role', item({ content: 'a' })],
    ['INVALID_REQUEST', '/input/0/call_id', item({ type: 'function_call', name: 'a', arguments: '' })],
    ['INVALID_REQUEST', '/input/0/output', item({ type: 'function_call_output', call_id: '1' })],
    ['INVALID_REQUEST', '/tools/0/name', { tools: [{ type: 'function' }] }],
    ['INVALID_REQUEST', '/tools/0/name', { tools: [{ type: 'namespace', tools: [search] }] }],
    ['INVALID_REQUEST', '/tools/0/tools/0/name', { tools: [namespaceOf({ ...search, name: 'x'.repeat(60) })] }],
    ['INVALID_REQUEST', '/input/0/input', item({ type: 'custom_tool_call', call_id: '1', name: 'a' })],
    ['INVALID_REQUEST', '/input/0/name', item({ type: 'custom_tool_call', call_id: '1', input: '' })],
    ['INVALID_REQUEST', '/input/0/call_id', item({ type: 'custom_tool_call', name: 'a', input: '' })],
    ['NOT_FOUND', '/input/0/id', item({ type: 'item_reference', id: 'msg_2_0' })],
  ];
  for (const [code, pointer, request] of refused) {
    it(`refuses ${pointer} of ${JSON.stringify(request).slice(0, 60)}`, () => {
      assert.deepEqual(
        failureOf(() => turnOf(request)),
        [code, pointer],
      );
      assert.deepEqual(
        failureOf(() => callOf(request)),
        [code, pointer],
      );
    });
  }

  it('cannot go on from another and keep nothing', () => {
    assert.deepEqual(
      failureOf(() => callOf({ previous_response_id: 'resp_1' })),
      ['UNSUPPORTED_PARAMETER', '/previous_response_id'],
    );
  });

  it('goes on from nothing that is no response', () => {
    assert.deepEqual(
      failureOf(() => turnOf({ previous_response_id: 'resp_../x' })),
      ['NOT_FOUND', '/previous_response_id'],
    );
  });

  it('finds the items that are referred to', () => {
    assert.deepEqual(
      referencesIn([{ role: 'user', content: 'a', id: 'msg_9' }, { type: 'item_reference', id: 'a' }, { id: 'b' }]),
      ['a', 'b'],
    );
    assert.deepEqual(referencesIn('msg_1'), []);
  });
});

describe('answer-ids', () => {
  it('lead back to the run', () => {
    assert.equal(runOfResponse('resp_01kaq'), 'run_01kaq');
    assert.deepEqual(placeOfItem('msg_01kaq_0'), { runId: 'run_01kaq', kind: 'message', place: 0 });
    assert.deepEqual(placeOfItem('fc_01kaq_12'), { runId: 'run_01kaq', kind: 'call', place: 12 });
    for (const id of ['run_01kaq', 'resp_', 'resp_A', 'msg_01kaq', 'msg_01kaq_x']) {
      assert.deepEqual([runOfResponse(id), placeOfItem(id)], [undefined, undefined], id);
    }
  });
});
