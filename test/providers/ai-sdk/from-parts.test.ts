import assert from 'node:assert/strict';
import type { ProviderEvent } from '../../../src/core/ports/provider.ts';
import type { StreamPart } from '../../../src/providers/ai-sdk/ask.ts';
import { StreamPartReader } from '../../../src/providers/ai-sdk/from-stream-part.ts';
import { fromUsage } from '../../../src/providers/ai-sdk/from-usage.ts';
import { type GivenReason, mapFinishReason } from '../../../src/providers/ai-sdk/map-finish-reason.ts';

const counts = {
  inputTokens: { total: 5, noCache: 5, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 3, text: 3, reasoning: undefined },
};
const usage = { inputTokens: 5, outputTokens: 3, totalTokens: 8 };
const none = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
};
const finish: StreamPart = { type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage: counts };

function read(...parts: StreamPart[]): ProviderEvent[] {
  const reader = new StreamPartReader();
  return parts.flatMap((part) => reader.read(part));
}

describe('the parts of a stream of the AI SDK → events', () => {
  const start = { type: 'tool-input-start', id: 'c1', toolName: 'look' } satisfies StreamPart;
  const delta = (text: string): StreamPart => ({ type: 'tool-input-delta', id: 'c1', delta: text });
  const whole = (input: string, id = 'c1') => ({
    type: 'tool-call' as const,
    toolCallId: id,
    toolName: 'look',
    input,
  });
  const begun: ProviderEvent = { type: 'tool_call', index: 0, id: 'c1', name: 'look', arguments: '' };
  const end: ProviderEvent = { type: 'finish', reason: 'tool_calls', usage };

  const rows: [title: string, parts: StreamPart[], events: ProviderEvent[]][] = [
    [
      'words, and nothing of what has no place',
      [
        { type: 'stream-start', warnings: [] },
        { type: 'response-metadata', id: 'x' },
        { type: 'reasoning-start', id: 'r' },
        { type: 'reasoning-delta', id: 'r', delta: 'hm' },
        { type: 'source', sourceType: 'url', id: 's', url: 'https://a.example' },
        { type: 'text-start', id: '0' },
        { type: 'text-delta', id: '0', delta: '' },
        { type: 'text-delta', id: '0', delta: 'hi' },
        { type: 'text-end', id: '0' },
        { type: 'raw', rawValue: {} },
        finish,
      ],
      [
        { type: 'text', text: 'hi' },
        { type: 'finish', reason: 'stop', usage },
      ],
    ],
    [
      'a call in deltas, whose whole says nothing new',
      [start, delta('{"a'), delta(''), delta('":1}'), { type: 'tool-input-end', id: 'c1' }, whole('{"a":1}'), finish],
      [
        begun,
        { type: 'tool_call', index: 0, arguments: '{"a' },
        { type: 'tool_call', index: 0, arguments: '":1}' },
        end,
      ],
    ],
    [
      'a call without deltas',
      [whole('{"a":1}'), finish],
      [{ type: 'tool_call', index: 0, id: 'c1', name: 'look', arguments: '{"a":1}' }, end],
    ],
    [
      'a call begun, without deltas',
      [start, whole('{"a":1}'), finish],
      [begun, { type: 'tool_call', index: 0, arguments: '{"a":1}' }, end],
    ],
    [
      'a call without arguments',
      [start, whole(''), finish],
      [begun, { type: 'tool_call', index: 0, arguments: '{}' }, end],
    ],
    [
      'a call whose deltas are no JSON',
      [{ ...start, inputEncoding: 'text' }, delta('print(1)'), whole('"print(1)"'), finish],
      [begun, { type: 'tool_call', index: 0, arguments: '"print(1)"' }, end],
    ],
    [
      'two calls at once',
      [
        start,
        { ...start, id: 'c2' },
        { type: 'tool-input-delta', id: 'c2', delta: '{}' },
        delta('[]'),
        whole('[]'),
        whole('{}', 'c2'),
        finish,
      ],
      [
        begun,
        { ...begun, index: 1, id: 'c2' },
        { type: 'tool_call', index: 1, arguments: '{}' },
        { type: 'tool_call', index: 0, arguments: '[]' },
        end,
      ],
    ],
    [
      'a tool that the vendor runs itself',
      [
        { ...start, providerExecuted: true },
        delta('{}'),
        { ...whole('{}'), providerExecuted: true },
        { ...whole('{}', 'c2'), providerExecuted: true },
        whole('{}'),
        { type: 'tool-result', toolCallId: 'c1', toolName: 'look', result: 'x' },
        finish,
      ],
      [{ type: 'finish', reason: 'stop', usage }],
    ],
    ['no usage', [{ ...finish, usage: none }], [{ type: 'finish', reason: 'stop' }]],
    [
      'the second version’s',
      [{ type: 'finish', finishReason: 'length', usage: { inputTokens: 5, outputTokens: 3, totalTokens: 9 } }],
      [{ type: 'finish', reason: 'length', usage }],
    ],
  ];
  for (const [title, parts, events] of rows) it(title, () => assert.deepEqual(read(...parts), events));

  it('count as begun with the first that says something', () => {
    const reader = new StreamPartReader();
    for (const part of [
      { type: 'stream-start', warnings: [] },
      { type: 'response-metadata' },
      { type: 'ping' },
      { type: 'raw', rawValue: 1 },
    ] satisfies StreamPart[]) {
      reader.read(part);
      assert.equal(reader.begun, false, part.type);
    }
    reader.read({ type: 'reasoning-start', id: 'r' });
    assert.equal(reader.begun, true);
    assert.equal(reader.finished, false);
    reader.read(finish);
    assert.equal(reader.finished, true);
  });

  const cut: [title: string, part: StreamPart][] = [
    ['interrupted', { type: 'finish', finishReason: { unified: 'interrupted', raw: undefined }, usage: counts }],
    ['no reason at all', { type: 'finish', finishReason: { unified: 'other', raw: undefined }, usage: none }],
    [
      'no reason at all, in the second version',
      {
        type: 'finish',
        finishReason: 'unknown',
        usage: { inputTokens: undefined, outputTokens: undefined, totalTokens: undefined },
      },
    ],
  ];
  for (const [title, part] of cut)
    it(`are no answer when they end with ${title}`, () => assert.throws(() => read(part), { name: 'Malformed' }));

  it('may report an error', () => {
    assert.throws(() => read({ type: 'error', error: { type: 'overloaded_error' } }), { name: 'Reported' });
    assert.throws(() => read({ ...finish, finishReason: { unified: 'error', raw: undefined } }), { name: 'Reported' });
  });
});

describe('why an answer of the AI SDK ended', () => {
  const rows: [given: GivenReason, calledTools: boolean, reason: string][] = [
    ['stop', false, 'stop'],
    ['stop', true, 'tool_calls'],
    ['tool-calls', true, 'tool_calls'],
    ['length', true, 'length'],
    ['content-filter', false, 'content_filter'],
    ['unknown', false, 'stop'],
    [{ unified: 'other', raw: 'PECULIAR' }, false, 'stop'],
    [{ unified: 'length', raw: 'MAX_TOKENS' }, false, 'length'],
  ];
  for (const [given, calledTools, reason] of rows)
    it(`${JSON.stringify(given)}, ${calledTools ? 'with' : 'without'} tools`, () =>
      assert.equal(mapFinishReason(given, calledTools), reason));
});

describe('what an answer of the AI SDK used', () => {
  const { inputTokens: input, outputTokens: output } = counts;
  const rows: [title: string, given: Parameters<typeof fromUsage>[0], want: object | undefined][] = [
    ['nothing', undefined, undefined],
    ['nothing known', none, undefined],
    ['half of it', { ...none, inputTokens: input }, undefined],
    ['what is no count', { inputTokens: { ...input, total: Number.NaN }, outputTokens: output }, undefined],
    [
      'all of it',
      {
        inputTokens: { total: 9, noCache: 3, cacheRead: 4, cacheWrite: 2 },
        outputTokens: { total: 3, text: 1, reasoning: 2 },
      },
      {
        inputTokens: 9,
        outputTokens: 3,
        totalTokens: 12,
        cachedInputTokens: 4,
        cacheWriteTokens: 2,
        reasoningTokens: 2,
      },
    ],
    [
      'the second version’s, the cached among the input',
      { inputTokens: 9, outputTokens: 3, totalTokens: 12, cachedInputTokens: 4, reasoningTokens: 2 },
      { inputTokens: 9, outputTokens: 3, totalTokens: 12, cachedInputTokens: 4, reasoningTokens: 2 },
    ],
    [
      'the second version’s, the cached beside the input',
      { inputTokens: 2, outputTokens: 3, totalTokens: 5, cachedInputTokens: 4 },
      { inputTokens: 6, outputTokens: 3, totalTokens: 9, cachedInputTokens: 4 },
    ],
    [
      'the second version’s nothing',
      { inputTokens: undefined, outputTokens: undefined, totalTokens: undefined },
      undefined,
    ],
  ];
  for (const [title, given, want] of rows) it(title, () => assert.deepEqual(fromUsage(given), want));
});
