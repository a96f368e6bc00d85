/** Nothing that a request asks for is dropped in silence: it is in what the vendor is sent, or refused by name. */
import assert from 'node:assert/strict';
import { ProviderError } from '../../../src/core/errors.ts';
import type { ImagePart } from '../../../src/core/message.ts';
import type { ProviderCall } from '../../../src/core/ports/provider.ts';
import { createAiSdkProvider } from '../../../src/providers/ai-sdk/index.ts';
import { startFakeProvider } from '../../support/fake-provider.ts';
import { callOf, gather } from '../wires.ts';
import { type RealPackage, realOptions, realPackages } from './real-packages.ts';

const never = new AbortController().signal;
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const parameters = { type: 'object', properties: { at: { type: 'string' } } };
const tools = [{ name: 'look', description: 'Looks.', parameters }];
const exact = { ...parameters, additionalProperties: false };
const strictTools = [{ name: 'look', parameters: exact, strict: true }];
const cat = 'https://pictures.example/Cat.png?x=1';

/** Where it stands in the body: a JSON pointer and what is there. */
type Place = readonly [pointer: string, is: unknown];
/** In place of a place: by what name it is refused. */
type Refused = { refused: string };

interface Row {
  title: string;
  call: Partial<ProviderCall>;
  model?: string;
  at: Record<RealPackage['wire'], Place | Refused>;
}

const refused = (name: string): Refused => ({ refused: name });
const user = (...parts: ProviderCall['messages'][number]['parts']): ProviderCall['messages'] => [
  { role: 'user', parts },
];
const talkOf = (images: { images?: ImagePart[] }): ProviderCall['messages'] => [
  ...user({ type: 'text', text: 'look!' }),
  { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'look', arguments: '{"at":"us"}' }] },
  ...user({ type: 'tool_result', toolCallId: 'c1', content: 'blue', ...images }),
];
const talk = talkOf({});
const shownAt = (url: string) => talkOf({ images: [{ type: 'image', url }] });

const rows: Row[] = [
  {
    title: 'instructions',
    call: { instructions: 'Be kind.' },
    at: {
      chat: ['/messages/0', { role: 'system', content: 'Be kind.' }],
      messages: ['/system/0/text', 'Be kind.'],
      gemini: ['/systemInstruction/parts/0/text', 'Be kind.'],
      responses: ['/input/0', { role: 'system', content: 'Be kind.' }],
      converse: ['/system/0/text', 'Be kind.'],
    },
  },
  {
    title: 'temperature',
    call: { temperature: 0.5 },
    at: {
      chat: ['/temperature', 0.5],
      messages: ['/temperature', 0.5],
      gemini: ['/generationConfig/temperature', 0.5],
      responses: ['/temperature', 0.5],
      converse: ['/inferenceConfig/temperature', 0.5],
    },
  },
  {
    title: 'topP',
    call: { topP: 0.9 },
    at: {
      chat: ['/top_p', 0.9],
      messages: ['/top_p', 0.9],
      gemini: ['/generationConfig/topP', 0.9],
      responses: ['/top_p', 0.9],
      converse: ['/inferenceConfig/topP', 0.9],
    },
  },
  {
    title: 'topK',
    call: { topK: 7 },
    at: {
      chat: refused('topK'),
      messages: ['/top_k', 7],
      gemini: ['/generationConfig/topK', 7],
      responses: refused('topK'),
      converse: ['/inferenceConfig/topK', 7],
    },
  },
  {
    title: 'maxOutputTokens',
    call: { maxOutputTokens: 9 },
    at: {
      chat: ['/max_tokens', 9],
      messages: ['/max_tokens', 9],
      gemini: ['/generationConfig/maxOutputTokens', 9],
      responses: ['/max_output_tokens', 9],
      converse: ['/inferenceConfig/maxTokens', 9],
    },
  },
  {
    title: 'stop',
    call: { stop: ['END'] },
    at: {
      chat: ['/stop', ['END']],
      messages: ['/stop_sequences', ['END']],
      gemini: ['/generationConfig/stopSequences', ['END']],
      responses: refused('stop'),
      converse: ['/inferenceConfig/stopSequences', ['END']],
    },
  },
  {
    title: 'seed',
    call: { seed: 7 },
    at: {
      chat: ['/seed', 7],
      messages: refused('seed'),
      gemini: ['/generationConfig/seed', 7],
      responses: refused('seed'),
      converse: refused('seed'),
    },
  },
  {
    title: 'presencePenalty',
    call: { presencePenalty: 0.5 },
    at: {
      chat: ['/presence_penalty', 0.5],
      messages: refused('presencePenalty'),
      gemini: ['/generationConfig/presencePenalty', 0.5],
      responses: refused('presencePenalty'),
      converse: refused('presencePenalty'),
    },
  },
  {
    title: 'frequencyPenalty',
    call: { frequencyPenalty: 0.5 },
    at: {
      chat: ['/frequency_penalty', 0.5],
      messages: refused('frequencyPenalty'),
      gemini: ['/generationConfig/frequencyPenalty', 0.5],
      responses: refused('frequencyPenalty'),
      converse: refused('frequencyPenalty'),
    },
  },
  {
    title: 'how much to think',
    call: { reasoningEffort: 'low' },
    at: {
      chat: ['/reasoning_effort', 'low'],
      // In tokens, where the package knows no better of the model.
      messages: ['/thinking', { type: 'enabled', budget_tokens: 1024 }],
      gemini: ['/generationConfig/thinkingConfig', { thinkingBudget: 6554 }],
      responses: refused('reasoningEffort'),
      converse: refused('reasoningEffort'),
    },
  },
  {
    title: 'how much to say',
    call: { verbosity: 'low' },
    at: {
      chat: ['/verbosity', 'low'],
      messages: refused('verbosity'),
      gemini: refused('verbosity'),
      responses: ['/text', { verbosity: 'low' }],
      converse: refused('verbosity'),
    },
  },
  {
    title: 'JSON without a schema',
    call: { responseFormat: { type: 'json' } },
    at: {
      chat: ['/response_format', { type: 'json_object' }],
      messages: refused('responseFormat'),
      gemini: ['/generationConfig/responseMimeType', 'application/json'],
      responses: ['/text/format', { type: 'json_object' }],
      converse: refused('responseFormat'),
    },
  },
  {
    title: 'a schema',
    call: { responseFormat: { type: 'json_schema', name: 'place', schema: exact } },
    at: {
      chat: ['/response_format/json_schema', { schema: exact, strict: true, name: 'place' }],
      messages: ['/tools/0/input_schema', exact],
      gemini: ['/generationConfig/responseJsonSchema', exact],
      responses: ['/text/format', { type: 'json_schema', strict: true, name: 'place', schema: exact }],
      converse: ['/toolConfig/tools/0/toolSpec/inputSchema/json', exact],
    },
  },
  {
    title: 'tools',
    call: { tools },
    at: {
      chat: ['/tools/0/function', { name: 'look', description: 'Looks.', parameters }],
      messages: ['/tools/0/input_schema', parameters],
      gemini: [
        '/tools/0/functionDeclarations/0',
        { name: 'look', description: 'Looks.', parametersJsonSchema: parameters },
      ],
      responses: ['/tools/0', { type: 'function', name: 'look', description: 'Looks.', parameters, strict: false }],
      converse: [
        '/toolConfig/tools/0/toolSpec',
        { name: 'look', description: 'Looks.', inputSchema: { json: parameters } },
      ],
    },
  },
  {
    title: 'strict tools',
    call: { tools: strictTools },
    at: {
      chat: ['/tools/0/function/strict', true],
      messages: refused('tools'),
      gemini: ['/toolConfig/functionCallingConfig/mode', 'VALIDATED'],
      responses: ['/tools/0/strict', true],
      converse: ['/toolConfig/tools/0/toolSpec/strict', true],
    },
  },
  {
    title: 'no tool',
    call: { tools, toolChoice: 'none' },
    at: {
      chat: ['/tool_choice', 'none'],
      messages: ['/tool_choice', { type: 'none' }],
      gemini: ['/toolConfig/functionCallingConfig/mode', 'NONE'],
      responses: ['/tool_choice', 'none'],
      // It has no word for it, and is not told of the tools.
      converse: ['/toolConfig', undefined],
    },
  },
  {
    title: 'any tool',
    call: { tools, toolChoice: 'required' },
    at: {
      chat: ['/tool_choice', 'required'],
      messages: ['/tool_choice', { type: 'any' }],
      gemini: ['/toolConfig/functionCallingConfig/mode', 'ANY'],
      responses: ['/tool_choice', 'required'],
      converse: ['/toolConfig/toolChoice', { any: {} }],
    },
  },
  {
    title: 'this tool',
    call: { tools, toolChoice: { name: 'look' } },
    at: {
      chat: ['/tool_choice', { type: 'function', function: { name: 'look' } }],
      messages: ['/tool_choice', { type: 'tool', name: 'look' }],
      gemini: ['/toolConfig/functionCallingConfig', { mode: 'ANY', allowedFunctionNames: ['look'] }],
      responses: ['/tool_choice', { type: 'function', name: 'look' }],
      converse: ['/toolConfig/toolChoice', { tool: { name: 'look' } }],
    },
  },
  {
    title: 'one tool at a time',
    call: { tools, parallelToolCalls: false },
    at: {
      chat: refused('parallelToolCalls'),
      messages: refused('parallelToolCalls'),
      gemini: refused('parallelToolCalls'),
      responses: refused('parallelToolCalls'),
      converse: refused('parallelToolCalls'),
    },
  },
  {
    title: 'what a tool was called with',
    call: { tools, messages: talk },
    at: {
      chat: ['/messages/1/tool_calls/0/function', { name: 'look', arguments: '{"at":"us"}' }],
      messages: ['/messages/1/content/0', { type: 'tool_use', id: 'c1', name: 'look', input: { at: 'us' } }],
      gemini: ['/contents/1/parts/0/functionCall/args', { at: 'us' }],
      responses: ['/input/1', { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{"at":"us"}' }],
      converse: ['/messages/1/content/0/toolUse', { toolUseId: 'c1', name: 'look', input: { at: 'us' } }],
    },
  },
  {
    title: 'what a tool said',
    call: { tools, messages: talk },
    at: {
      chat: ['/messages/2', { role: 'tool', tool_call_id: 'c1', content: 'blue' }],
      messages: ['/messages/2/content/0', { type: 'tool_result', tool_use_id: 'c1', content: 'blue' }],
      gemini: ['/contents/2/parts/0/functionResponse/response', { name: 'look', content: 'blue' }],
      responses: ['/input/2', { type: 'function_call_output', call_id: 'c1', output: 'blue' }],
      converse: ['/messages/2/content/0/toolResult', { toolUseId: 'c1', content: [{ text: 'blue' }] }],
    },
  },
  {
    title: 'what a tool said, with the tools no longer there',
    call: { messages: talk },
    at: {
      chat: ['/messages/2/content', 'blue'],
      messages: ['/messages/2/content/0/content', 'blue'],
      gemini: ['/contents/2/parts/0/functionResponse/response/content', 'blue'],
      responses: ['/input/2/output', 'blue'],
      converse: refused('tools'),
    },
  },
  {
    title: 'a picture',
    call: { messages: user({ type: 'image', data: pixel, mediaType: 'image/png' }) },
    at: {
      chat: ['/messages/0/content/0/image_url/url', `data:image/png;base64,${pixel}`],
      messages: ['/messages/0/content/0/source', { type: 'base64', media_type: 'image/png', data: pixel }],
      gemini: ['/contents/0/parts/0/inlineData', { mimeType: 'image/png', data: pixel }],
      responses: ['/input/0/content/0/image_url', `data:image/png;base64,${pixel}`],
      converse: ['/messages/0/content/0/image', { format: 'png', source: { bytes: pixel } }],
    },
  },
  {
    title: 'a picture that is looked at closely',
    call: { messages: user({ type: 'image', data: pixel, mediaType: 'image/png', detail: 'high' }) },
    at: {
      chat: ['/messages/0/content/0/image_url/url', `data:image/png;base64,${pixel}`],
      messages: ['/messages/0/content/0/source', { type: 'base64', media_type: 'image/png', data: pixel }],
      gemini: ['/contents/0/parts/0/inlineData', { mimeType: 'image/png', data: pixel }],
      responses: ['/input/0/content/0/detail', 'high'],
      converse: ['/messages/0/content/0/image', { format: 'png', source: { bytes: pixel } }],
    },
  },
  {
    title: 'a picture at an address',
    call: { messages: user({ type: 'image', url: cat }) },
    model: 'gemini-2.5-pro',
    at: {
      chat: ['/messages/0/content/0/image_url/url', cat],
      messages: ['/messages/0/content/0/source', { type: 'url', url: cat }],
      gemini: ['/contents/0/parts/0/fileData', { mimeType: 'image/png', fileUri: cat }],
      responses: ['/input/0/content/0/image_url', cat],
      converse: refused('input'),
    },
  },
  {
    title: 'a picture that a tool shows at an address',
    call: { tools, messages: shownAt(cat) },
    model: 'gemini-2.5-pro',
    at: {
      chat: ['/messages/3/content/1/image_url/url', cat],
      messages: ['/messages/2/content/2/source', { type: 'url', url: cat }],
      gemini: ['/contents/3/parts/1/fileData', { mimeType: 'image/png', fileUri: cat }],
      responses: ['/input/3/content/1/image_url', cat],
      converse: refused('input'),
    },
  },
  {
    title: 'a picture at an address that does not tell its kind',
    call: { messages: user({ type: 'image', url: 'https://pictures.example/constructor' }) },
    model: 'gemini-2.5-pro',
    at: {
      chat: ['/messages/0/content/0/image_url/url', 'https://pictures.example/constructor'],
      messages: ['/messages/0/content/0/source/url', 'https://pictures.example/constructor'],
      gemini: refused('input'),
      responses: ['/input/0/content/0/image_url', 'https://pictures.example/constructor'],
      converse: refused('input'),
    },
  },
];

const lowDetail: { [name: string]: Place } = {
  '@ai-sdk/openai': ['/messages/0/content/0/image_url/detail', 'low'],
  '@ai-sdk/azure': ['/input/0/content/0/detail', 'low'],
};

/** Those that some models of a vendor have, and others not. */
const byModel: (Pick<Row, 'call'> & { title: string; package: string; model: string; at: Place | Refused })[] = [
  {
    title: 'the temperature of a model that reasons',
    package: '@ai-sdk/openai',
    model: 'o3',
    call: { temperature: 0.5 },
    at: refused('temperature'),
  },
  {
    title: 'the temperature of a deployment of one',
    package: '@ai-sdk/azure by deployment',
    model: 'gpt-5.4',
    call: { temperature: 0.5 },
    at: refused('temperature'),
  },
  {
    title: 'the bound of a deployment that reasons',
    package: '@ai-sdk/azure by deployment',
    model: 'gpt-5.4',
    call: { maxOutputTokens: 9 },
    at: ['/max_completion_tokens', 9],
  },
  {
    title: 'a temperature that it would clamp',
    package: '@ai-sdk/anthropic',
    model: 'model',
    call: { temperature: 1.5 },
    at: refused('temperature'),
  },
  {
    title: 'a temperature that it would clamp',
    package: '@ai-sdk/amazon-bedrock',
    model: 'amazon.nova-pro-v1:0',
    call: { temperature: 1.5 },
    at: refused('temperature'),
  },
  {
    title: 'a schema for Claude',
    package: '@ai-sdk/amazon-bedrock',
    model: 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
    call: { responseFormat: { type: 'json_schema', name: 'place', schema: exact } },
    at: ['/additionalModelRequestFields/output_config/format/type', 'json_schema'],
  },
  {
    title: 'strict tools whose schema is open',
    package: '@ai-sdk/amazon-bedrock',
    model: 'model',
    call: { tools: [{ name: 'look', parameters, strict: true }] },
    at: refused('tools'),
  },
  ...(
    [
      ['@ai-sdk/openai', 'gpt-5.4', 'xhigh', ['/reasoning_effort', 'xhigh']],
      ['@ai-sdk/openai', 'gpt-5.4', 'none', ['/reasoning_effort', 'none']],
      ['@ai-sdk/azure', 'gpt-5.4', 'xhigh', ['/reasoning', { effort: 'xhigh' }]],
      ['@ai-sdk/azure', 'gpt-5.4', 'none', ['/reasoning', { effort: 'none' }]],
      ['@ai-sdk/azure', 'gpt-4o', 'low', refused('reasoningEffort')],
      ['@ai-sdk/anthropic', 'claude-opus-4-6', 'max', ['/output_config/effort', 'max']],
      ['@ai-sdk/anthropic', 'claude-opus-4-6', 'none', ['/thinking', { type: 'disabled' }]],
      ['@ai-sdk/anthropic', 'claude-opus-4-6', 'minimal', refused('reasoningEffort')],
      ['@ai-sdk/google', 'gemini-3-pro-preview', 'low', ['/generationConfig/thinkingConfig/thinkingLevel', 'low']],
      ['@ai-sdk/google', 'gemini-3-pro-preview', 'none', refused('reasoningEffort')],
      [
        '@ai-sdk/amazon-bedrock',
        'openai.gpt-oss-120b-1:0',
        'low',
        ['/additionalModelRequestFields/reasoning_effort', 'low'],
      ],
      ['@ai-sdk/amazon-bedrock', 'openai.gpt-oss-120b-1:0', 'none', refused('reasoningEffort')],
    ] as const
  ).map(([name, model, reasoningEffort, at]) => ({
    title: `the effort ${reasoningEffort} of ${model}`,
    package: name,
    model,
    call: { reasoningEffort },
    at,
  })),
  ...(['@ai-sdk/openai', '@ai-sdk/azure', '@ai-sdk/anthropic', '@ai-sdk/google', '@ai-sdk/mistral'] as const).map(
    (name) => ({
      title: 'a picture that is hardly looked at',
      package: name,
      model: 'gpt-4o',
      call: { messages: user({ type: 'image', data: pixel, mediaType: 'image/png', detail: 'low' }) },
      at: lowDetail[name] ?? refused('detail'),
    }),
  ),
  {
    title: 'what the cache is to keep',
    package: '@ai-sdk/anthropic',
    model: 'model',
    call: { cache: '1h' },
    at: ['/cache_control', { type: 'ephemeral', ttl: '1h' }],
  },
  {
    title: 'effort beside tools',
    package: '@ai-sdk/openai',
    model: 'gpt-5.6-terra',
    call: { tools, reasoningEffort: 'low' },
    at: refused('reasoningEffort'),
  },
  {
    title: 'effort beside tools',
    package: '@ai-sdk/azure',
    model: 'gpt-5.4',
    call: { tools, reasoningEffort: 'low' },
    at: ['/reasoning', { effort: 'low' }],
  },
  {
    title: 'how much to say beside how much to think',
    package: '@ai-sdk/azure',
    model: 'gpt-5.4',
    call: { reasoningEffort: 'low', verbosity: 'high' },
    at: ['/text', { verbosity: 'high' }],
  },
  {
    title: 'how much to think beside how much to say',
    package: '@ai-sdk/azure',
    model: 'gpt-5.4',
    call: { reasoningEffort: 'low', verbosity: 'high' },
    at: ['/reasoning', { effort: 'low' }],
  },
  {
    title: 'how much to say in JSON',
    package: '@ai-sdk/azure',
    model: 'gpt-5.4',
    call: { responseFormat: { type: 'json' }, verbosity: 'low' },
    at: ['/text', { format: { type: 'json_object' }, verbosity: 'low' }],
  },
  {
    title: 'penalties',
    package: '@ai-sdk/google',
    model: 'gemini-2.5-pro',
    call: { presencePenalty: 0.5 },
    at: refused('presencePenalty'),
  },
  {
    // The signature came with the call and has no place in ours; Google documents what to send without it.
    title: 'the missing signature of a call',
    package: '@ai-sdk/google',
    model: 'gemini-3-pro-preview',
    call: { tools, messages: talk },
    at: ['/contents/1/parts/0/thoughtSignature', 'skip_thought_signature_validator'],
  },
];

for (const real of realPackages) {
  describe(`what ${real.title} sends`, () => {
    for (const { title, call, model, at } of rows)
      for (const stream of [true, false])
        it(`${title}, ${stream ? 'stream' : 'whole'}`, () =>
          assertSent(real, callOf('hello', { ...(model ? { model } : {}), ...call, stream }), at[real.wire]));

    for (const { title, package: name, call, model, at } of byModel)
      if (name === real.title) it(title, () => assertSent(real, callOf('hello', { model, ...call }), at));

    for (const [whose, messages] of [
      ["the user's", user({ type: 'image', url: 'ftp://a.example/cat.png' })],
      ["a tool's", shownAt('ftp://a.example/cat.png')],
    ] as const)
      it(`${whose} picture at no address of the web`, () =>
        assertSent(real, callOf('', { messages }), refused('input')));
  });
}

async function assertSent(real: RealPackage, call: ProviderCall, at: Place | Refused): Promise<void> {
  const fake = await startFakeProvider();
  const provider = await createAiSdkProvider(realOptions(real, fake));
  const { batches, error } = await gather(provider.call(call, never));
  await provider.close();
  await fake.close();
  if ('refused' in at) {
    assert.ok(error instanceof ProviderError, `not refused: ${JSON.stringify(fake.requests[0]?.body)}`);
    assert.deepEqual([error.kind, error.parameter], ['unsupported_parameter', at.refused]);
    assert.deepEqual(batches, []);
    return;
  }
  assert.equal(error, undefined);
  const [pointer, is] = at;
  assert.deepEqual(valueAt(fake.requests[0]?.body, pointer), is, JSON.stringify(fake.requests[0]?.body));
}

function valueAt(body: unknown, pointer: string): unknown {
  let value = body;
  for (const step of pointer.split('/').slice(1))
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  return value;
}
