import assert from 'node:assert/strict';
import type { ProviderEvent } from '../../../src/core/ports/provider.ts';
import type { Usage } from '../../../src/core/usage.ts';
import { chatDialect } from '../../../src/providers/openai/index.ts';
import { Malformed, Reported } from '../../../src/providers/wire/bad-answer.ts';
import { decode, textIn, transcripts } from '../wires.ts';

const dialect = chatDialect('http://127.0.0.1/v1');

interface Expected {
  text: string;
  calls?: { id: string; name: string; arguments: string }[];
  finish?: Finish;
}

type Finish = Extract<ProviderEvent, { type: 'finish' }>;

const expected: Record<string, Expected> = {
  text: {
    text: 'Grüße aus 東京! 👩‍🚀 says: "line one\\n"\nDone.',
    finish: finish('stop', {
      inputTokens: 18,
      outputTokens: 16,
      totalTokens: 34,
      cachedInputTokens: 0,
      reasoningTokens: 0,
    }),
  },
  'tool-calls': {
    text: '',
    calls: [
      {
        id: 'call_DdmO9pD3xa9XTPNJ32zg2hcA',
        name: 'get_weather',
        arguments: '{"location":"Paris, France","unit":"celsius"}',
      },
      { id: 'call_ABs1fpzKQ4mXvTtLw8RyU2nE', name: 'get_weather', arguments: '{"location":"Bogotá, Colombia"}' },
    ],
    finish: finish('tool_calls', {
      inputTokens: 89,
      outputTokens: 49,
      totalTokens: 138,
      cachedInputTokens: 0,
      reasoningTokens: 0,
    }),
  },
  'cached-reasoning': {
    text: 'The answer is 42.',
    finish: finish('length', {
      inputTokens: 2006,
      outputTokens: 300,
      totalTokens: 2306,
      cachedInputTokens: 1920,
      reasoningTokens: 256,
    }),
  },
  refusal: {
    text: "I'm sorry, I can't help with that.",
    finish: finish('content_filter', {
      inputTokens: 81,
      outputTokens: 11,
      totalTokens: 92,
      cachedInputTokens: 0,
      reasoningTokens: 0,
    }),
  },
  'content-filter': {
    text: 'Step one',
    finish: finish('content_filter', {
      inputTokens: 33,
      outputTokens: 2,
      totalTokens: 35,
      cachedInputTokens: 0,
      reasoningTokens: 0,
    }),
  },
  'error-mid-stream': { text: 'Half a' },
  'ollama-tools': {
    text: '',
    calls: [{ id: 'call_8lyy59vl', name: 'get_time', arguments: '{"zone":"UTC"}' }],
    finish: finish('tool_calls'),
  },
  'vllm-no-done': { text: 'Hi there', finish: finish('stop', { inputTokens: 9, outputTokens: 7, totalTokens: 16 }) },
  'deepseek-comments-crlf': {
    text: '9.11 is smaller.',
    finish: finish('stop', {
      inputTokens: 24,
      outputTokens: 88,
      totalTokens: 112,
      cachedInputTokens: 0,
      reasoningTokens: 71,
    }),
  },
};

describe('from-chat-chunk', () => {
  it('knows every transcript', () => {
    assert.deepEqual([...transcripts('openai').keys()].sort(), Object.keys(expected).sort());
  });

  for (const [title, bytes] of transcripts('openai')) {
    it(`reads ${title}`, () => {
      const want = expected[title];
      const { events, error } = decode(dialect, [bytes]);
      assert.equal(textIn(events), want?.text);
      assert.deepEqual(callsIn(events), want?.calls ?? []);
      assert.equal(error instanceof Reported, want?.finish === undefined);
      if (want?.finish) assert.deepEqual(events.at(-1), want.finish);
    });
  }

  const table: [string, object[], { calls?: object[]; text?: string; reason?: string }][] = [
    [
      'calls without an index, told apart by their ids',
      [
        toolDelta({ id: 'a', name: 'one', args: '{' }),
        toolDelta({ args: '}' }),
        toolDelta({ id: 'b', name: 'two', args: '{}' }),
      ],
      { calls: [call('a', 'one', '{}'), call('b', 'two', '{}')], reason: 'tool_calls' },
    ],
    [
      'calls that all say index 0',
      [
        toolDelta({ index: 0, id: 'a', name: 'one', args: '{}' }),
        toolDelta({ index: 0, id: 'b', name: 'two', args: '{}' }),
      ],
      { calls: [call('a', 'one', '{}'), call('b', 'two', '{}')] },
    ],
    [
      'calls whose index does not begin at 0',
      [toolDelta({ index: 1, id: 'a', name: 'one', args: '{' }), toolDelta({ index: 1, args: '}' })],
      { calls: [call('a', 'one', '{}')] },
    ],
    [
      'id and name with every delta',
      [
        toolDelta({ index: 0, id: 'a', name: 'one', args: '{' }),
        toolDelta({ index: 0, id: 'a', name: 'one', args: '}' }),
      ],
      { calls: [call('a', 'one', '{}')] },
    ],
    [
      'calls without an id',
      [toolDelta({ index: 0, name: 'one', args: '{}' }), toolDelta({ index: 1, name: 'two', args: '{}' })],
      { calls: [call('call_answer_0', 'one', '{}'), call('call_answer_1', 'two', '{}')] },
    ],
    [
      'content as a list of parts',
      [{ choices: [{ delta: { content: [{ type: 'thinking' }, { type: 'text', text: 'hi' }] } }] }],
      { text: 'hi' },
    ],
    [
      'a chunk that has neither choices nor usage',
      [{ object: 'ping' }, { choices: [{ delta: { content: 'hi' } }] }],
      { text: 'hi' },
    ],
  ];
  for (const [title, chunks, want] of table)
    it(`reads ${title}`, () => {
      const { events, error } = decode(dialect, [
        stream([...chunks, { choices: [{ delta: {}, finish_reason: 'stop' }] }]),
      ]);
      assert.equal(error, undefined);
      assert.deepEqual(callsIn(events), want.calls ?? []);
      assert.equal(textIn(events), want.text ?? '');
      const last = events.at(-1);
      assert.equal(last?.type === 'finish' && last.reason, want.reason ?? (want.calls ? 'tool_calls' : 'stop'));
    });

  it('takes [DONE] for the end even without a reason', () => {
    const { events } = decode(dialect, [stream([{ choices: [{ delta: { content: 'hi' } }] }])]);
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop' });
  });

  it('keeps the usage when later chunks have none', () => {
    const { events } = decode(dialect, [
      stream([
        { choices: [{ delta: { content: 'hi' } }], usage: { prompt_tokens: 1, completion_tokens: 2 } },
        { choices: [{ delta: {}, finish_reason: 'stop' }], usage: null },
      ]),
    ]);
    assert.deepEqual(events.at(-1), finish('stop', { inputTokens: 1, outputTokens: 2, totalTokens: 3 }));
  });

  it('reads nothing behind [DONE]', () => {
    const { events, error } = decode(dialect, [
      stream([{ choices: [{ finish_reason: 'stop' }] }]),
      Buffer.from('data: {\n\n'),
    ]);
    assert.equal(error, undefined);
    assert.equal(events.length, 1);
  });

  const refused: [string, object[]][] = [
    ['nothing but [DONE]', []],
    ['a call without a name', [toolDelta({ index: 0, id: 'a', args: '{}' })]],
  ];
  for (const [title, chunks] of refused)
    it(`refuses ${title}`, () => {
      assert.ok(decode(dialect, [stream(chunks)]).error instanceof Malformed);
    });

  for (const reason of ['error', 'insufficient_system_resource'])
    it(`reports the end by ${reason}`, () => {
      const chunk = { choices: [{ delta: { content: 'Half' }, finish_reason: reason }] };
      const { events, error } = decode(dialect, [stream([chunk])]);
      assert.equal(textIn(events), 'Half');
      assert.ok(error instanceof Reported);
      assert.equal(dialect.fromError(undefined, error.body).kind, 'unavailable');
    });
});

function finish(reason: Finish['reason'], usage?: Usage): Finish {
  return { type: 'finish', reason, ...(usage ? { usage } : {}) };
}

function toolDelta(delta: { index?: number; id?: string; name?: string; args: string }): object {
  const { index, id, name, args } = delta;
  return {
    choices: [{ delta: { tool_calls: [{ index, id, type: 'function', function: { name, arguments: args } }] } }],
  };
}

function call(id: string, name: string, args: string): object {
  return { id, name, arguments: args };
}

function stream(chunks: readonly object[]): Buffer {
  return Buffer.from(
    [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((data) => `data: ${data}\n\n`).join(''),
  );
}

function callsIn(events: readonly ProviderEvent[]): object[] {
  const calls: { id?: string | undefined; name?: string | undefined; arguments: string }[] = [];
  for (const event of events) {
    if (event.type !== 'tool_call') continue;
    const begun = calls[event.index];
    if (begun) begun.arguments += event.arguments;
    else calls[event.index] = { id: event.id, name: event.name, arguments: event.arguments };
  }
  return calls;
}
