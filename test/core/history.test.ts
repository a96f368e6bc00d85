import assert from 'node:assert/strict';
import fc from 'fast-check';
import { boundHistory, closeToolCalls, openToolCalls, textIn } from '../../src/core/history.ts';
import type { Message, Part, Role } from '../../src/core/message.ts';
import { estimateTokens } from '../../src/core/usage.ts';

const wide = { messages: 1000, tokens: 1_000_000 };

function message(role: Role, ...parts: Part[]): Message {
  return { id: 'msg_1', role, parts, createdAt: 0 };
}
const text = (words: string): Part => ({ type: 'text', text: words });
const call = (id: string): Part => ({ type: 'tool_call', id, name: 'look', arguments: '{"a":1}' });
const result = (id: string): Part => ({ type: 'tool_result', toolCallId: id, content: 'seen' });

/** A conversation as the gateway stores it: every call is answered by the message after it. */
const conversation = fc
  .array(fc.record({ words: fc.string({ maxLength: 40 }), calls: fc.nat(2) }), { maxLength: 12 })
  .map((turns) => {
    const history: Message[] = [];
    let open: string[] = [];
    for (const [turn, { words, calls }] of turns.entries()) {
      history.push(message('user', ...open.map(result), ...(open.length > 0 ? [] : [text(words)])));
      open = Array.from({ length: calls }, (_, index) => `call_${turn}_${index}`);
      history.push(message('assistant', text(words), ...open.map(call)));
    }
    return history;
  });

describe('the history that goes to a provider', () => {
  it('is the newest part that fits both bounds and may stand alone', () => {
    fc.assert(
      fc.property(conversation, fc.nat(20), fc.nat(120), (history, messages, tokens) => {
        const bound = boundHistory(history, { messages, tokens });
        assert.deepEqual(bound, history.slice(history.length - bound.length));
        assert.ok(bound.length <= messages);
        assert.ok(tokensOf(bound) <= tokens);
        assert.ok(bound.length === 0 || standsAlone(bound));
        assert.deepEqual(resultsWithoutCall(bound), []);
        // Whatever longer part could stand alone does not fit.
        for (let length = bound.length + 1; length <= history.length; length += 1) {
          const longer = history.slice(history.length - length);
          assert.ok(!standsAlone(longer) || longer.length > messages || tokensOf(longer) > tokens);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is everything where everything fits', () => {
    const history = [message('user', text('a')), message('assistant', text('b'))];
    assert.deepEqual(boundHistory(history, wide), history);
    assert.deepEqual(boundHistory([], wide), []);
  });

  it('counts an image by a fixed length, whatever its bytes', () => {
    const small: Part = { type: 'image', url: 'https://example.com/a.png' };
    const large: Part = { type: 'image', data: 'A'.repeat(100_000), mediaType: 'image/png' };
    assert.equal(textIn(small).length, textIn(large).length);
    const history = [message('user', large), message('assistant', text('b'))];
    assert.equal(boundHistory(history, { messages: 10, tokens: 1025 }).length, 2);
    assert.equal(boundHistory(history, { messages: 10, tokens: 1024 }).length, 0);
  });

  it('counts bytes, not characters', () => {
    const history = [message('user', text('你好你好')), message('assistant', text(''))];
    assert.equal(boundHistory(history, { messages: 10, tokens: 3 }).length, 2);
    assert.equal(boundHistory(history, { messages: 10, tokens: 2 }).length, 0);
  });
});

describe('open tool calls', () => {
  const cases: [name: string, history: Message[], open: string[]][] = [
    ['none in nothing', [], []],
    ['none in text', [message('user', text('a')), message('assistant', text('b'))], []],
    [
      'those of the last answer',
      [
        message('assistant', call('x')),
        message('user', result('x')),
        message('assistant', text('b'), call('y'), call('z')),
      ],
      ['y', 'z'],
    ],
    ['none once the user spoke', [message('assistant', call('x')), message('user', text('never mind'))], []],
  ];
  for (const [name, history, open] of cases) it(`are ${name}`, () => assert.deepEqual(openToolCalls(history), open));

  it('are closed as cancelled where the user does not answer them, results first', () => {
    const history = [message('user', text('a')), message('assistant', call('x'), call('y'))];
    assert.deepEqual(closeToolCalls(history, [text('stop'), result('y')]), [
      { type: 'tool_result', toolCallId: 'x', content: '', status: 'cancelled' },
      result('y'),
      text('stop'),
    ]);
  });

  it('are left alone where there are none', () => {
    const input = [text('a'), text('b')];
    assert.deepEqual(closeToolCalls([message('assistant', text('c'))], input), input);
  });
});

function tokensOf(messages: readonly Message[]): number {
  return messages.flatMap(({ parts }) => parts).reduce((sum, part) => sum + estimateTokens(textIn(part)), 0);
}

function standsAlone([first]: readonly Message[]): boolean {
  return first?.role === 'user' && !first.parts.some(({ type }) => type === 'tool_result');
}

function resultsWithoutCall(messages: readonly Message[]): string[] {
  const parts = messages.flatMap((message) => message.parts);
  const called = parts.flatMap((part) => (part.type === 'tool_call' ? [part.id] : []));
  return parts.flatMap((part) =>
    part.type === 'tool_result' && !called.includes(part.toolCallId) ? [part.toolCallId] : [],
  );
}
