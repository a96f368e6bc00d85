import assert from 'node:assert/strict';
import fc from 'fast-check';
import { answers } from '../../../generated/validators/anthropic.answers.js';
import type { AnswerPiece } from '../../../src/core/completion.ts';
import type { ProviderEvent } from '../../../src/core/ports/provider.ts';
import type { Usage } from '../../../src/core/usage.ts';
import { createMessageStream } from '../../../src/dialects/anthropic/message-stream.ts';
import { createMessageWriter } from '../../../src/dialects/anthropic/message-writer.ts';
import { messagesDialect } from '../../../src/providers/anthropic/index.ts';
import { decode } from '../../providers/wires.ts';
import { arbitraryPieces, gathered, reasonsOf } from '../openai/arbitrary-pieces.ts';
import { runOf } from '../openai/run-of.ts';

const usage: Usage = { inputTokens: 3, outputTokens: 2, totalTokens: 5, cachedInputTokens: 1, reasoningTokens: 0 };
const wire = messagesDialect(1);

/** What our own adapter of the same wire reads, the bytes cut where it is told. */
function readBack(text: string, cuts: readonly number[] = []): ProviderEvent[] {
  const bytes = Buffer.from(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const { events, error } = decode(
    wire,
    places.slice(1).map((end, n) => bytes.subarray(places[n], end)),
  );
  assert.equal(error, undefined);
  return events;
}

function piecesIn(events: readonly ProviderEvent[]): AnswerPiece[] {
  return events.flatMap((event) => (event.type === 'finish' ? [] : [event]));
}

/** Arguments are one object on this wire: whatever the pieces were cut from, it has to be one. */
const pieces = arbitraryPieces();

describe('message-stream', () => {
  it('says one thing after another', () => {
    const writer = createMessageStream(runOf({}));
    const text =
      writer.events([
        { type: 'text', text: '春 "\n' },
        { type: 'text', text: '天' },
      ]) +
      writer.events([
        { type: 'tool_call', index: 0, id: 'call_1', name: 'look', arguments: '{"a"' },
        { type: 'tool_call', index: 0, arguments: ':1}' },
        { type: 'tool_call', index: 1, id: 'call_2', name: 'go', arguments: '' },
        { type: 'text', text: '.' },
      ]) +
      writer.end(runOf({ finishReason: 'tool_calls', usage }));
    const lines = text.trimEnd().split('\n\n');
    const told = lines.map((line) => {
      const [, type, json] = /^event: (\S+)\ndata: (.+)$/.exec(line) ?? [];
      const data = JSON.parse(json ?? '');
      assert.equal(data.type, type);
      return [type, data.index, data.delta ?? data.content_block];
    });
    assert.deepEqual(told, [
      ['message_start', undefined, undefined],
      ['ping', undefined, undefined],
      ['content_block_start', 0, { type: 'text', text: '' }],
      ['content_block_delta', 0, { type: 'text_delta', text: '春 "\n' }],
      ['content_block_delta', 0, { type: 'text_delta', text: '天' }],
      ['content_block_stop', 0, undefined],
      ['content_block_start', 1, { type: 'tool_use', id: 'call_1', name: 'look', input: {} }],
      ['content_block_delta', 1, { type: 'input_json_delta', partial_json: '{"a"' }],
      ['content_block_delta', 1, { type: 'input_json_delta', partial_json: ':1}' }],
      ['content_block_stop', 1, undefined],
      ['content_block_start', 2, { type: 'tool_use', id: 'call_2', name: 'go', input: {} }],
      ['content_block_stop', 2, undefined],
      ['content_block_start', 3, { type: 'text', text: '' }],
      ['content_block_delta', 3, { type: 'text_delta', text: '.' }],
      ['content_block_stop', 3, undefined],
      ['message_delta', undefined, { stop_reason: 'tool_use', stop_sequence: null }],
      ['message_stop', undefined, undefined],
    ]);
    assert.match(lines[0] ?? '', /"id":"msg_01kaq3w8x4m2v9t6r5e1z0c7bd".*"model":"gpt-4o"/);
    assert.match(
      lines.at(-2) ?? '',
      /"usage":\{"input_tokens":2,"cache_read_input_tokens":1,"output_tokens":2,"output_tokens_details":\{"thinking_tokens":0\}\}/,
    );
  });

  it('is read back as it was written, however its pieces came and its bytes are cut', () => {
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(), { maxLength: 9 }), (batches, cuts) => {
        const all = batches.flat();
        for (const finishReason of reasonsOf(all)) {
          const writer = createMessageStream(runOf({}));
          const text =
            batches.map((batch) => writer.events(batch)).join('') + writer.end(runOf({ finishReason, usage }));
          const events = readBack(text, cuts);
          assert.deepEqual(gathered(piecesIn(events)).map(withArguments), gathered(all).map(withArguments));
          const finish = events.at(-1);
          assert.ok(finish?.type === 'finish');
          assert.equal(finish.reason, finishReason);
          assert.deepEqual(finish.usage, usage);
        }
      }),
    );
  });

  it('goes on with a call that was thought to be over', () => {
    const writer = createMessageStream(runOf({}));
    const text = writer.events([
      { type: 'tool_call', index: 0, id: 'a', name: 'a', arguments: '{' },
      { type: 'tool_call', index: 1, id: 'b', name: 'b', arguments: '{' },
      { type: 'tool_call', index: 0, arguments: '}' },
    ]);
    assert.match(
      text,
      /content_block_delta","index":0,"delta":\{"type":"input_json_delta","partial_json":"\}"\}\}\n\n$/,
    );
  });

  it('is whole where nothing was said, and where nobody counted', () => {
    const text = createMessageStream(runOf({})).end(runOf({}));
    assert.deepEqual(readBack(text), [
      { type: 'finish', reason: 'stop', usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 } },
    ]);
  });

  it('ends in an error where the run failed, without the mark of a good end', () => {
    const writer = createMessageStream(runOf({}));
    const text = writer.events([{ type: 'text', text: 'a' }]);
    const failed = writer.failed?.({ code: 'PROVIDER_TIMEOUT', message: 'Too late.', retryable: true }) ?? '';
    assert.equal(
      failed,
      'event: error\ndata: {"type":"error","error":{"type":"timeout_error","message":"Too late."}}\n\n',
    );
    const { error } = decode(wire, [Buffer.from(text + failed)]);
    assert.match(String(error), /reported/);
  });
});

describe('message-writer', () => {
  it('says the same in one body, which keeps to the contract', () => {
    fc.assert(
      fc.property(pieces, (batches) => {
        const all = batches.flat();
        for (const finishReason of reasonsOf(all)) {
          const writer = createMessageWriter();
          assert.equal(batches.map((batch) => writer.events(batch)).join(''), '');
          const body = JSON.parse(writer.end(runOf({ finishReason, usage })));
          const validate = answers.createMessage?.['200']?.['application/json'];
          assert.ok(validate?.(body), JSON.stringify(validate?.errors));
          const events = wire.fromAnswer(body);
          assert.deepEqual(gathered(piecesIn(events)).map(asObject), gathered(all).map(asObject));
          assert.deepEqual(events.at(-1), { type: 'finish', reason: finishReason, usage });
        }
      }),
    );
  });

  for (const [text, input] of [
    ['', {}],
    ['{"a":[1]}', { a: [1] }],
    ['[1]', { arguments: '[1]' }],
    ['{"a":', { arguments: '{"a":' }],
  ] as const)
    it(`makes an object of the arguments ${JSON.stringify(text)}`, () => {
      const writer = createMessageWriter();
      writer.events([{ type: 'tool_call', index: 0, id: 'a', name: 'b', arguments: text }]);
      const { content } = JSON.parse(writer.end(runOf({})));
      assert.deepEqual(content, [{ type: 'tool_use', id: 'a', name: 'b', input }]);
    });
});

/** A call without arguments is one with none: an empty object. */
function withArguments(part: ReturnType<typeof gathered>[number]) {
  return part.type === 'tool_call' && part.arguments === '' ? { ...part, arguments: '{}' } : part;
}

function asObject(part: ReturnType<typeof gathered>[number]) {
  if (part.type !== 'tool_call') return part;
  return { ...part, arguments: JSON.stringify(objectOf(part.arguments)) };
}

function objectOf(text: string): object {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {}
  return { arguments: text };
}
