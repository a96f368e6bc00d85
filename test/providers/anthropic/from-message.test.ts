import assert from 'node:assert/strict';
import { fromMessage } from '../../../src/providers/anthropic/from-message.ts';
import { messagesDialect } from '../../../src/providers/anthropic/index.ts';
import { Malformed, Reported } from '../../../src/providers/wire/bad-answer.ts';
import { isObject } from '../../../src/providers/wire/json-shape.ts';
import { decode, textIn, transcripts, wholeAnswer } from '../wires.ts';

describe('from-message', () => {
  for (const title of ['text', 'cached-thinking', 'refusal', 'tool-use'])
    it(`reads ${title} as the stream of the same`, () => {
      const bytes = transcripts('anthropic').get(title);
      const answer = wholeAnswer('anthropic', title);
      assert.ok(bytes && isObject(answer));
      const streamed = decode(messagesDialect(1), [bytes]).events;
      const whole = fromMessage(answer);
      assert.equal(textIn(whole), textIn(streamed));
      assert.deepEqual(whole.at(-1), streamed.at(-1));
    });

  it('reads calls side by side', () => {
    const answer = wholeAnswer('anthropic', 'tool-use');
    assert.ok(isObject(answer));
    assert.deepEqual(
      fromMessage(answer).filter((event) => event.type === 'tool_call'),
      [
        ['toolu_01T1x1fJ34qAmk2tNTrN7Up6', 'get_weather', '{"location":"Paris, France","unit":"celsius"}'],
        ['toolu_01NRLabsLyVHZPKxbKvkfSMn', 'get_weather', '{"location":"Bogotá, Colombia"}'],
        ['toolu_01KP4sVd8uWqZr5yLcMx2BnT', 'get_time', '{}'],
      ].map(([id, name, text], index) => ({ type: 'tool_call', index, id, name, arguments: text })),
    );
  });

  it('reads a message in which nothing was said', () => {
    assert.deepEqual(fromMessage({ content: [], stop_reason: 'end_turn' }), [{ type: 'finish', reason: 'stop' }]);
  });

  for (const [title, answer] of [
    ['no content', { type: 'message' }],
    ['content that is no list', { content: 'hi' }],
    ['a call without an id', { content: [{ type: 'tool_use', name: 'go' }] }],
  ] as const)
    it(`refuses ${title}`, () => {
      assert.throws(() => fromMessage(answer), Malformed);
    });

  it('finds an error in it', () => {
    assert.throws(() => fromMessage({ type: 'error', error: { type: 'api_error' } }), Reported);
  });
});
