import assert from 'node:assert/strict';
import type { ProviderCall } from '../../../src/core/ports/provider.ts';
import { toCallOptions } from '../../../src/providers/ai-sdk/to-call-options.ts';
import { toFile } from '../../../src/providers/ai-sdk/to-file.ts';
import { callOf } from '../wires.ts';

describe('a call → the options of the AI SDK', () => {
  const options = (changes: Partial<ProviderCall>) => {
    const { prompt, ...rest } = toCallOptions(callOf('hello', changes), toFile);
    assert.deepEqual(prompt.at(-1), { role: 'user', content: [{ type: 'text', text: 'hello' }] });
    return rest;
  };
  const schema = { type: 'object', properties: { sky: { type: 'string' } } };

  const rows: [title: string, changes: Partial<ProviderCall>, options: object][] = [
    ['nothing that is not said', {}, {}],
    [
      'all of the sampling',
      {
        temperature: 0,
        topP: 0.5,
        topK: 3,
        maxOutputTokens: 9,
        seed: 0,
        presencePenalty: 0,
        frequencyPenalty: -1,
        stop: ['END'],
        reasoningEffort: 'low',
      },
      {
        temperature: 0,
        topP: 0.5,
        topK: 3,
        maxOutputTokens: 9,
        seed: 0,
        presencePenalty: 0,
        frequencyPenalty: -1,
        stopSequences: ['END'],
        reasoning: 'low',
      },
    ],
    ['empty lists', { stop: [], tools: [] }, {}],
    [
      'tools',
      {
        tools: [
          { name: 'look', description: 'Looks.', parameters: schema, strict: true },
          { name: 'listen', parameters: {} },
        ],
      },
      {
        tools: [
          { type: 'function', name: 'look', description: 'Looks.', inputSchema: schema, strict: true },
          { type: 'function', name: 'listen', inputSchema: { type: 'object' } },
        ],
      },
    ],
    ['auto', { toolChoice: 'auto' }, { toolChoice: { type: 'auto' } }],
    ['none', { toolChoice: 'none' }, { toolChoice: { type: 'none' } }],
    ['required', { toolChoice: 'required' }, { toolChoice: { type: 'required' } }],
    ['one tool', { toolChoice: { name: 'look' } }, { toolChoice: { type: 'tool', toolName: 'look' } }],
    ['several tools at once, which is what there is', { parallelToolCalls: true }, {}],
    ['one of no tools at a time', { parallelToolCalls: false }, {}],
    ['text', { responseFormat: { type: 'text' } }, {}],
    ['JSON', { responseFormat: { type: 'json' } }, { responseFormat: { type: 'json' } }],
    [
      'JSON of a schema',
      { responseFormat: { type: 'json_schema', name: 'weather', description: 'The sky.', schema, strict: true } },
      { responseFormat: { type: 'json', name: 'weather', description: 'The sky.', schema } },
    ],
  ];
  for (const [title, changes, want] of rows) it(title, () => assert.deepEqual(options(changes), want));

  it('refuses what the interface has no word for', () => {
    assert.throws(() => options({ tools: [{ name: 'look', parameters: {} }], parallelToolCalls: false }), {
      kind: 'unsupported_parameter',
      parameter: 'parallelToolCalls',
    });
  });
});
