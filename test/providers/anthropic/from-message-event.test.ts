import assert from 'node:assert/strict';
import type { ProviderEvent } from '../../../src/core/ports/provider.ts';
import type { Usage } from '../../../src/core/usage.ts';
import { messagesDialect } from '../../../src/providers/anthropic/index.ts';
import { Malformed, Reported } from '../../../src/providers/wire/bad-answer.ts';
import { decode, textIn, transcripts } from '../wires.ts';

const dialect = messagesDialect(4096);
type Finish = Extract<ProviderEvent, { type: 'finish' }>;

const expected: Record<string, { text: string; calls?: [id: string, name: string, args: string][]; finish?: Finish }> =
  {
    text: {
      text: 'Grüße aus 東京! 👩‍🚀 says: "line one\\n"\nDone.',
      finish: finish('stop', { inputTokens: 14, outputTokens: 21, totalTokens: 35, cachedInputTokens: 0 }),
    },
    'tool-use': {
      text: "I'll check both cities.",
      calls: [
        ['toolu_01T1x1fJ34qAmk2tNTrN7Up6', 'get_weather', '{"location": "Paris, France", "unit": "celsius"}'],
        ['toolu_01NRLabsLyVHZPKxbKvkfSMn', 'get_weather', '{"location": "Bogotá, Colombia"}'],
        ['toolu_01KP4sVd8uWqZr5yLcMx2BnT', 'get_time', '{}'],
      ],
      finish: finish('tool_calls', { inputTokens: 14, outputTokens: 104, totalTokens: 118, cachedInputTokens: 0 }),
    },
    'cached-thinking': {
      text: '27 × 453 = **12,231**',
      finish: finish('length', {
        inputTokens: 2060,
        outputTokens: 94,
        totalTokens: 2154,
        cachedInputTokens: 1800,
        cacheWriteTokens: 248,
        reasoningTokens: 71,
      }),
    },
    refusal: {
      text: "I can't",
      finish: finish('content_filter', { inputTokens: 14, outputTokens: 5, totalTokens: 19, cachedInputTokens: 0 }),
    },
    'error-mid-stream': { text: 'Half a' },
  };

describe('from-message-event', () => {
  it('knows every transcript', () => {
    assert.deepEqual([...transcripts('anthropic').keys()].sort(), Object.keys(expected).sort());
  });

  for (const [title, bytes] of transcripts('anthropic')) {
    it(`reads ${title}`, () => {
      const want = expected[title];
      const { events, error } = decode(dialect, [bytes]);
      assert.equal(textIn(events), want?.text);
      assert.deepEqual(callsIn(events), want?.calls ?? []);
      assert.equal(error instanceof Reported, want?.finish === undefined);
      if (want?.finish) assert.deepEqual(events.at(-1), want.finish);
    });
  }

  const begin: WireEvent[] = [{ type: 'message_start', message: { usage: { input_tokens: 3, output_tokens: 1 } } }];
  const end: WireEvent[] = [{ type: 'message_delta', delta: { stop_reason: 'end_turn' } }, { type: 'message_stop' }];

  it('ignores events, blocks and deltas that it does not know', () => {
    const { events, error } = decode(dialect, [
      stream([
        ...begin,
        { type: 'ping' },
        { type: 'weather_changed' },
        {
          type: 'content_block_start',
          index: 0,
          content_block: { type: 'server_tool_use', id: 'x', name: 'y', input: {} },
        },
        { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{' } },
        { type: 'content_block_stop', index: 0 },
        { type: 'content_block_delta', index: 1, delta: { type: 'citations_delta', citation: {} } },
        { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'hi' } },
        ...end,
      ]),
    ]);
    assert.equal(error, undefined);
    assert.deepEqual(events, [
      { type: 'text', text: 'hi' },
      { type: 'finish', reason: 'stop', usage: { inputTokens: 3, outputTokens: 1, totalTokens: 4 } },
    ]);
  });

  it('reads arguments that come whole with the start of the block', () => {
    const block = { type: 'tool_use', id: 'a', name: 'go', input: { x: 1 } };
    const { events } = decode(dialect, [
      stream([
        ...begin,
        { type: 'content_block_start', index: 5, content_block: block },
        { type: 'content_block_stop', index: 5 },
        ...end,
      ]),
    ]);
    assert.deepEqual(callsIn(events), [['a', 'go', '{"x":1}']]);
  });

  it('has no usage where none was given', () => {
    const { events } = decode(dialect, [stream([{ type: 'message_start', message: {} }, ...end])]);
    assert.deepEqual(events, [{ type: 'finish', reason: 'stop' }]);
  });

  it('takes the counts of the end before those of the start', () => {
    const usage = { input_tokens: 30, cache_read_input_tokens: 5, output_tokens: 7 };
    const { events } = decode(dialect, [
      stream([
        ...begin,
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage },
        { type: 'message_stop' },
      ]),
    ]);
    assert.deepEqual(events, [
      finish('stop', { inputTokens: 35, outputTokens: 7, totalTokens: 42, cachedInputTokens: 5 }),
    ]);
  });

  for (const [title, sent] of [
    ['an end before the beginning', [{ type: 'message_stop' }]],
    ['the start of no block', [...begin, { type: 'content_block_start', index: 0 }]],
    ['a delta of nothing', [...begin, { type: 'content_block_delta', index: 0 }]],
    [
      'a call without a name',
      [...begin, { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'a' } }],
    ],
    ['a body that ends before its reason', begin],
  ] as [string, WireEvent[]][])
    it(`refuses ${title}`, () => {
      assert.ok(decode(dialect, [stream(sent)]).error instanceof Malformed);
    });
});

/** An event of the wire, or what a server may send for one. */
interface WireEvent {
  type: string;
  [member: string]: unknown;
}

function finish(reason: Finish['reason'], usage: Usage): Finish {
  return { type: 'finish', reason, usage };
}

function stream(events: readonly WireEvent[]): Buffer {
  return Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
}

function callsIn(events: readonly ProviderEvent[]): [string, string, string][] {
  const calls: [string, string, string][] = [];
  for (const event of events) {
    if (event.type !== 'tool_call') continue;
    const begun = calls[event.index];
    if (begun) begun[2] += event.arguments;
    else calls[event.index] = [event.id ?? '', event.name ?? '', event.arguments];
  }
  return calls;
}
