import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { ResponseStream } from 'openai/lib/responses/ResponseStream';
import type { AnswerPiece } from '../../../src/core/completion.ts';
import type { Usage } from '../../../src/core/usage.ts';
import type { ResponseRequest } from '../../../src/dialects/openai/from-response-request.ts';
import { createResponseStream } from '../../../src/dialects/openai/response-stream.ts';
import { createResponseWriter } from '../../../src/dialects/openai/response-writer.ts';
import { arbitraryPieces, isAsWhole, reasonsOf } from './arbitrary-pieces.ts';
import { runOf } from './run-of.ts';

const usage: Usage = { inputTokens: 3, outputTokens: 2, totalTokens: 5, cachedInputTokens: 1 };
const body = { model: 'gpt-4o', input: 'hi', instructions: 'be brief', temperature: 0.5, metadata: { a: 'b' } };

interface Event {
  type: string;
  sequence_number: number;
  response?: { status: string; output: unknown[]; reasoning?: object; text: object };
}

/** The events, each under its own name. */
function eventsOf(text: string): Event[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      const [, name, data] = /^event: (\S+)\ndata: (.*)$/s.exec(block) ?? [];
      const event: Event = JSON.parse(data ?? '');
      assert.equal(event.type, name);
      return event;
    });
}

/** What OpenAI's SDK puts together of the events; it throws where they do not fit together. */
async function accumulated(events: readonly Event[]): Promise<object> {
  const lines = new ReadableStream({
    start(controller) {
      for (const event of events) controller.enqueue(new TextEncoder().encode(`${JSON.stringify(event)}\n`));
      controller.close();
    },
  });
  return ResponseStream.fromReadableStream(lines).finalResponse();
}

/** Of the tools that are called every other is a custom one. */
function withTools(pieces: readonly AnswerPiece[]): ResponseRequest {
  const names = pieces.flatMap((piece) => (piece.type === 'tool_call' && piece.name ? [piece.name] : []));
  return { ...body, tools: names.map((name, index) => ({ type: index % 2 === 0 ? 'custom' : 'function', name })) };
}

describe('response-stream', () => {
  it('is what stands in the fixture', () => {
    const writer = createResponseStream(runOf({}), body);
    const text =
      writer.events([{ type: 'text', text: '春' }]) +
      writer.events([
        { type: 'text', text: '天' },
        { type: 'tool_call', index: 0, id: 'call_1', name: 'look', arguments: '' },
        { type: 'tool_call', index: 0, arguments: '{}' },
      ]) +
      writer.end(runOf({ finishReason: 'tool_calls', usage }));
    assert.equal(text, readFileSync('test/fixtures/dialects/openai/response-stream.txt', 'utf8'));
  });

  it('ends in what the whole body would be, as the SDK puts it together', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPieces(), async (batches) => {
        for (const finishReason of reasonsOf(batches.flat())) {
          const ended = runOf({ finishReason, usage });
          const body = withTools(batches.flat());
          const stream = createResponseStream(runOf({}), body);
          const text = batches.map((batch) => stream.events(batch)).join('') + stream.end(ended);
          const events = eventsOf(text);
          assert.deepEqual(
            events.map(({ sequence_number: number }) => number),
            events.map((_, index) => index),
          );
          const whole = createResponseWriter(body);
          for (const batch of batches) whole.events(batch);
          const expected = whole.end(ended);
          assert.ok(isAsWhole('createResponse', expected), expected);
          assert.deepEqual(events.at(-1)?.response, JSON.parse(expected));
          assert.partialDeepStrictEqual(await accumulated(events), JSON.parse(expected));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('calls a custom tool with its text, and the functions of a namespace by both names', async () => {
    const request: ResponseRequest = {
      ...body,
      tools: [
        { type: 'custom', name: 'patch' },
        { type: 'namespace', name: 'mcp__docs', tools: [{ type: 'function', name: 'search' }] },
      ],
    };
    const stream = createResponseStream(runOf({}), request);
    const pieces: AnswerPiece[] = [
      { type: 'tool_call', index: 0, id: 'call_1', name: 'patch', arguments: '{"inp' },
      { type: 'tool_call', index: 0, arguments: 'ut":"*** \\"Begin\\""}' },
      { type: 'tool_call', index: 1, id: 'call_2', name: 'mcp__docs__search', arguments: '{}' },
      { type: 'tool_call', index: 2, id: 'call_3', name: 'patch', arguments: 'no JSON' },
    ];
    const events = eventsOf(stream.events(pieces) + stream.end(runOf({ finishReason: 'tool_calls', usage })));
    const run = '01kaq3w8x4m2v9t6r5e1z0c7bd';
    const status = 'completed';
    const input = '*** "Begin"';
    const custom = { type: 'custom_tool_call', status, name: 'patch' };
    const output = [
      { ...custom, id: `ctc_${run}_0`, call_id: 'call_1', input },
      {
        type: 'function_call',
        status,
        id: `fc_${run}_1`,
        call_id: 'call_2',
        name: 'search',
        namespace: 'mcp__docs',
        arguments: '{}',
      },
      { ...custom, id: `ctc_${run}_2`, call_id: 'call_3', input: 'no JSON' },
    ];
    assert.deepEqual(events.at(-1)?.response?.output, output);
    assert.deepEqual(
      events.filter(({ type }) => type.startsWith('response.custom')).map(({ sequence_number: _, ...event }) => event),
      output
        .filter(({ type }) => type === 'custom_tool_call')
        .flatMap((item, index) => {
          const at = { item_id: item.id, output_index: index * 2 };
          const said = 'input' in item ? item.input : undefined;
          return [
            { type: 'response.custom_tool_call_input.delta', ...at, delta: said },
            { type: 'response.custom_tool_call_input.done', ...at, input: said },
          ];
        }),
    );
  });

  it('opens a second message where something is said behind a call', async () => {
    const stream = createResponseStream(runOf({}), body);
    const pieces: AnswerPiece[] = [
      { type: 'text', text: 'a' },
      { type: 'tool_call', index: 0, id: 'call_1', name: 'look', arguments: '{' },
      { type: 'tool_call', index: 1, id: 'call_2', name: 'look', arguments: '{' },
      { type: 'tool_call', index: 0, arguments: '}' },
      { type: 'tool_call', index: 1, arguments: '}' },
      { type: 'text', text: 'b' },
    ];
    const events = eventsOf(stream.events(pieces) + stream.end(runOf({ finishReason: 'stop', usage })));
    const response: { output?: { type: string; id: string }[] } = await accumulated(events);
    const run = '01kaq3w8x4m2v9t6r5e1z0c7bd';
    assert.deepEqual(
      response.output?.map(({ id }) => id),
      [`msg_${run}_0`, `fc_${run}_0`, `fc_${run}_1`, `msg_${run}_1`],
    );
  });

  const ends = [
    ['length', 'response.incomplete', { reason: 'max_output_tokens' }],
    ['content_filter', 'response.incomplete', { reason: 'content_filter' }],
    ['stop', 'response.completed', null],
  ] as const;
  for (const [finishReason, type, details] of ends) {
    it(`ends as ${type} after ${finishReason}`, () => {
      const stream = createResponseStream(runOf({}), body);
      const last = eventsOf(stream.end(runOf({ finishReason, usage }))).at(-1);
      assert.equal(last?.type, type);
      assert.partialDeepStrictEqual(last?.response, { incomplete_details: details, output: [] });
    });
  }

  const asked: [reasoning: { effort?: 'low' | null; summary?: 'auto' } | null | undefined, told: object | undefined][] =
    [
      [
        { effort: 'low', summary: 'auto' },
        { effort: 'low', summary: null },
      ],
      [{ effort: null }, { effort: null, summary: null }],
      [{}, { effort: null, summary: null }],
      [null, undefined],
      [undefined, undefined],
    ];
  for (const [reasoning, told] of asked) {
    it(`tells of how much was to be thought, where it was asked for: ${JSON.stringify(reasoning)}`, () => {
      const request = { ...body, ...(reasoning === undefined ? {} : { reasoning }) };
      const stream = createResponseStream(runOf({}), request);
      const events = eventsOf(stream.events([]) + stream.end(runOf({ finishReason: 'stop', usage })));
      const responses = events.flatMap(({ response }) => (response ? [response] : []));
      assert.deepEqual(
        responses.map((response) => response.reasoning),
        [told, told, told],
      );
      const whole = createResponseWriter(request).end(runOf({ finishReason: 'stop', usage }));
      assert.ok(isAsWhole('createResponse', whole), whole);
      assert.deepEqual(JSON.parse(whole).reasoning, told);
    });
  }

  const json = { type: 'json_object' };
  const plain = { type: 'text' };
  const forms: [text: NonNullable<ResponseRequest['text']> | null, told: object][] = [
    [{ verbosity: 'low' }, { format: plain, verbosity: 'low' }],
    [
      { format: json, verbosity: 'high' },
      { format: json, verbosity: 'high' },
    ],
    [
      { format: null, verbosity: 'medium' },
      { format: plain, verbosity: 'medium' },
    ],
    [{ format: json, verbosity: null }, { format: json }],
    [null, { format: plain }],
  ];
  for (const [text, told] of forms) {
    it(`tells of the form and of how much was to be said, where it was asked for: ${JSON.stringify(text)}`, () => {
      const stream = createResponseStream(runOf({}), { ...body, text });
      const events = eventsOf(stream.events([]) + stream.end(runOf({ finishReason: 'stop', usage })));
      const responses = events.flatMap(({ response }) => (response ? [response] : []));
      assert.deepEqual(
        responses.map((response) => response.text),
        [told, told, told],
      );
      const whole = createResponseWriter({ ...body, text }).end(runOf({ finishReason: 'stop', usage }));
      assert.ok(isAsWhole('createResponse', whole), whole);
      assert.deepEqual(JSON.parse(whole).text, told);
    });
  }

  it('fails with what was said so far', () => {
    const stream = createResponseStream(runOf({}), body);
    const error = { code: 'PROVIDER_TIMEOUT' as const, message: 'Too late.', retryable: true };
    const pieces: AnswerPiece[] = [
      { type: 'text', text: 'whole' },
      { type: 'tool_call', index: 0, id: 'call_1', name: 'look', arguments: '{' },
      { type: 'text', text: 'half' },
    ];
    const events = eventsOf(stream.events(pieces) + stream.failed?.(error));
    const last = events.at(-1);
    assert.equal(last?.type, 'response.failed');
    // What is told to be done goes back as history with the next request, and half an answer is none.
    assert.equal(
      events.some(({ type }) => type === 'response.output_item.done'),
      false,
    );
    assert.partialDeepStrictEqual(last?.response, {
      status: 'failed',
      error: { code: 'server_error', message: 'Too late.' },
      output: [
        { status: 'completed', content: [{ text: 'whole' }] },
        { status: 'incomplete', arguments: '{' },
        { status: 'incomplete', content: [{ text: 'half' }] },
      ],
    });
    assert.ok(isAsWhole('createResponse', JSON.stringify(last?.response)));
  });
});
