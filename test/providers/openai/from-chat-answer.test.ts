import assert from 'node:assert/strict';
import { fromChatAnswer } from '../../../src/providers/openai/from-chat-answer.ts';
import { chatDialect } from '../../../src/providers/openai/index.ts';
import { Malformed, Reported } from '../../../src/providers/wire/bad-answer.ts';
import { isObject } from '../../../src/providers/wire/json-shape.ts';
import { decode, textIn, transcripts, wholeAnswer } from '../wires.ts';

describe('from-chat-answer', () => {
  for (const title of ['text', 'cached-reasoning', 'refusal', 'tool-calls'])
    it(`reads ${title} as the stream of the same`, () => {
      const bytes = transcripts('openai').get(title);
      const answer = wholeAnswer('openai', title);
      assert.ok(bytes && isObject(answer));
      const streamed = decode(chatDialect('http://127.0.0.1/v1'), [bytes]).events;
      const whole = fromChatAnswer(answer);
      assert.equal(textIn(whole), textIn(streamed));
      assert.deepEqual(whole.at(-1), streamed.at(-1));
    });

  it('reads calls side by side', () => {
    const answer = wholeAnswer('openai', 'tool-calls');
    assert.ok(isObject(answer));
    assert.deepEqual(fromChatAnswer(answer).slice(0, -1), [
      {
        type: 'tool_call',
        index: 0,
        id: 'call_DdmO9pD3xa9XTPNJ32zg2hcA',
        name: 'get_weather',
        arguments: '{"location":"Paris, France","unit":"celsius"}',
      },
      {
        type: 'tool_call',
        index: 1,
        id: 'call_ABs1fpzKQ4mXvTtLw8RyU2nE',
        name: 'get_weather',
        arguments: '{"location":"Bogotá, Colombia"}',
      },
    ]);
  });

  const table: [title: string, message: object, reason: unknown, want: object[]][] = [
    ['nothing said', { content: null }, 'stop', [{ type: 'finish', reason: 'stop' }]],
    ['no reason', { content: 'hi' }, null, [text('hi'), { type: 'finish', reason: 'stop' }]],
    [
      'a list of parts',
      {
        content: [
          { type: 'thinking', thinking: [] },
          { type: 'text', text: 'hi' },
        ],
      },
      'stop',
      [text('hi'), { type: 'finish', reason: 'stop' }],
    ],
    [
      'thoughts beside the text',
      { content: 'hi', reasoning_content: 'hm' },
      'stop',
      [text('hi'), { type: 'finish', reason: 'stop' }],
    ],
    [
      'a call without an id and with arguments as an object',
      { content: '', tool_calls: [{ function: { name: 'go', arguments: { x: 1 } } }] },
      'stop',
      [
        { type: 'tool_call', index: 0, id: 'call_c1_0', name: 'go', arguments: '{"x":1}' },
        { type: 'finish', reason: 'tool_calls' },
      ],
    ],
  ];
  for (const [title, message, reason, want] of table)
    it(`reads ${title}`, () => {
      assert.deepEqual(fromChatAnswer({ id: 'c1', choices: [{ message, finish_reason: reason }] }), want);
    });

  for (const [title, answer] of [
    ['no choices', {}],
    ['an empty list of choices', { choices: [] }],
    ['a choice without a message', { choices: [{ delta: { content: 'hi' } }] }],
    ['choices that are none', { choices: 'hi' }],
    ['a call without a name', { choices: [{ message: { tool_calls: [{ id: 'a', function: {} }] } }] }],
  ] as const)
    it(`refuses ${title}`, () => {
      assert.throws(() => fromChatAnswer(answer), Malformed);
    });

  for (const answer of [{ error: { message: 'no' } }, { error: 'no' }, { object: 'error', message: 'no', code: 400 }])
    it(`finds the error in ${JSON.stringify(answer)}`, () => {
      assert.throws(() => fromChatAnswer(answer), Reported);
    });
});

function text(text: string): object {
  return { type: 'text', text };
}
