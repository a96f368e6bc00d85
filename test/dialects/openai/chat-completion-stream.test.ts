import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { AnswerPiece } from '../../../src/core/completion.ts';
import type { FinishReason } from '../../../src/core/run.ts';
import type { Usage } from '../../../src/core/usage.ts';
import { createChatCompletionStream } from '../../../src/dialects/openai/chat-completion-stream.ts';
import { createChatCompletionWriter } from '../../../src/dialects/openai/chat-completion-writer.ts';
import { fromChatAnswer } from '../../../src/providers/openai/from-chat-answer.ts';
import { ChatChunkReader } from '../../../src/providers/openai/from-chat-chunk.ts';
import { arbitraryPieces, gathered, isAsWhole, reasonsOf } from './arbitrary-pieces.ts';
import { runOf } from './run-of.ts';

const usage: Usage = { inputTokens: 3, outputTokens: 2, totalTokens: 5, cachedInputTokens: 1, reasoningTokens: 0 };

/** What our own adapter of the same wire reads from a stream. */
function readBack(text: string): { pieces: AnswerPiece[]; reason: FinishReason; usage: Usage | undefined } {
  const reader = new ChatChunkReader();
  const events = text
    .split('\n\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      assert.match(line, /^data: \S/);
      const into: Parameters<typeof reader.read>[1] = [];
      reader.read(line.slice('data: '.length), into);
      return into;
    });
  const finish = events.pop();
  assert.ok(finish?.type === 'finish');
  const pieces = events.flatMap((event) => (event.type === 'finish' ? [] : [event]));
  return { pieces, reason: finish.reason, usage: finish.usage };
}

describe('chat-completion-stream', () => {
  it('is what stands in the fixture', () => {
    const writer = createChatCompletionStream(runOf({}), { usage: true });
    const pieces: AnswerPiece[] = [
      { type: 'text', text: '春 "\n' },
      { type: 'tool_call', index: 0, id: 'call_1', name: 'look', arguments: '{"a"' },
      { type: 'tool_call', index: 0, arguments: ':1}' },
    ];
    const text =
      writer.events(pieces.slice(0, 1)) +
      writer.events(pieces.slice(1)) +
      writer.end(runOf({ finishReason: 'tool_calls', usage }));
    assert.equal(text, readFileSync('test/fixtures/dialects/openai/chat-stream.txt', 'utf8'));
  });

  it('is read back as it was written, however its pieces came', () => {
    fc.assert(
      fc.property(arbitraryPieces(), fc.boolean(), (batches, wanted) => {
        const pieces = batches.flat();
        const writer = createChatCompletionStream(runOf({}), { usage: wanted });
        for (const finishReason of reasonsOf(pieces)) {
          const text =
            batches.map((batch) => writer.events(batch)).join('') + writer.end(runOf({ finishReason, usage }));
          const back = readBack(text);
          assert.deepEqual(gathered(back.pieces), gathered(pieces));
          assert.deepEqual(back.reason, finishReason);
          assert.deepEqual(back.usage, wanted ? usage : undefined);
        }
      }),
    );
  });

  it('says usage in the last chunk and nowhere else, and not unasked', () => {
    const text = (wanted: boolean) => {
      const writer = createChatCompletionStream(runOf({}), { usage: wanted });
      return writer.events([{ type: 'text', text: 'a' }]) + writer.end(runOf({ usage }));
    };
    const usages = [...text(true).matchAll(/"usage":(null|\{)/g)].map(([, value]) => value);
    assert.deepEqual(usages, ['null', 'null', 'null', '{']);
    assert.doesNotMatch(text(false), /usage/);
  });

  it('ends in an error where the run failed, without the mark of a good end', () => {
    const writer = createChatCompletionStream(runOf({}), { usage: true });
    const text = writer.events([{ type: 'text', text: 'a' }]);
    const failed = writer.failed?.({ code: 'PROVIDER_TIMEOUT', message: 'Too late.', retryable: true });
    assert.equal(text.split('\n\n').length - 1, 2);
    assert.equal(
      failed,
      'data: {"error":{"message":"Too late.","type":"server_error","code":"provider_timeout","param":null}}\n\n',
    );
  });
});

describe('chat-completion-writer', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(arbitraryPieces(), (batches) => {
        const pieces = batches.flat();
        for (const finishReason of reasonsOf(pieces)) {
          const writer = createChatCompletionWriter();
          for (const batch of batches) assert.equal(writer.events(batch), '');
          const body = writer.end(runOf({ finishReason, usage }));
          assert.ok(isAsWhole('createChatCompletion', body), body);
          const events = fromChatAnswer(JSON.parse(body));
          assert.deepEqual(events.at(-1), { type: 'finish', reason: finishReason, usage });
          const back = events.flatMap((event) => (event.type === 'finish' ? [] : [event]));
          assert.deepEqual(gathered(back), gathered(pieces));
        }
      }),
    );
  });

  it('has no content where tools are called and nothing is said', () => {
    const writer = createChatCompletionWriter();
    writer.events([{ type: 'tool_call', index: 0, id: 'call_1', name: 'look', arguments: '{}' }]);
    assert.deepEqual(JSON.parse(writer.end(runOf({ finishReason: 'tool_calls' }))), {
      id: 'chatcmpl-01kaq3w8x4m2v9t6r5e1z0c7bd',
      object: 'chat.completion',
      created: 1_794_299_400,
      model: 'gpt-4o',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: null,
            refusal: null,
            tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look', arguments: '{}' } }],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
    });
  });

  it('has no word for a failure, which is an error of its own', () => {
    assert.equal(createChatCompletionWriter().failed, undefined);
  });
});
