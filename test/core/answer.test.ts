import assert from 'node:assert/strict';
import { Answer } from '../../src/core/answer.ts';
import type { ProviderEvent } from '../../src/core/ports/provider.ts';

function gather(...events: ProviderEvent[]): Answer {
  const answer = new Answer();
  for (const event of events) answer.add(event);
  return answer;
}

describe('an answer', () => {
  it('is nothing at first', () => assert.deepEqual(gather().parts(), []));

  it('is one text, however many pieces it came in', () => {
    const pieces = gather({ type: 'text', text: '你' }, { type: 'text', text: '' }, { type: 'text', text: '好' });
    assert.deepEqual(pieces.parts(), [{ type: 'text', text: '你好' }]);
  });

  it('puts each tool call together, by its index', () => {
    const answer = gather(
      { type: 'tool_call', index: 0, id: 'x', name: 'look', arguments: '{"a"' },
      { type: 'tool_call', index: 1, id: 'y', name: 'find', arguments: '' },
      { type: 'tool_call', index: 0, arguments: ':1}' },
      { type: 'text', text: 'Let me see.' },
      { type: 'tool_call', index: 1, arguments: '{}' },
      { type: 'finish', reason: 'tool_calls' },
    );
    assert.deepEqual(answer.parts(), [
      { type: 'text', text: 'Let me see.' },
      { type: 'tool_call', id: 'x', name: 'look', arguments: '{"a":1}' },
      { type: 'tool_call', id: 'y', name: 'find', arguments: '{}' },
    ]);
    assert.equal(answer.finishReason, 'tool_calls');
  });

  it('has the usage that the provider gave', () => {
    const usage = { inputTokens: 7, outputTokens: 5, totalTokens: 12, cachedInputTokens: 2 };
    assert.deepEqual(gather({ type: 'finish', reason: 'stop', usage }).usage([], undefined), usage);
  });

  it('has an estimated usage where the provider gave none', () => {
    const answer = gather(
      { type: 'text', text: '12345678' },
      { type: 'tool_call', index: 0, id: 'x', name: 'look', arguments: '1234' },
    );
    const sent = [{ parts: [{ type: 'text', text: '1234' }] }, { parts: [{ type: 'text', text: '12345' }] }] as const;
    assert.deepEqual(
      answer.usage(
        sent.map(({ parts }) => ({ parts: [...parts] })),
        '123',
      ),
      {
        inputTokens: 1 + 1 + 2,
        outputTokens: 2 + 2,
        totalTokens: 8,
        estimated: true,
      },
    );
  });
});
