import assert from 'node:assert/strict';
import type { OperationId } from '../../../generated/operations.ts';
import type { ContractRun } from '../../../src/handlers/to-run.ts';
import { version20260301 } from '../../../src/versions/2026-03-01/index.ts';
import { toChatAnswer } from '../../../src/versions/2026-03-01/to-chat-answer.ts';
import { toMessage } from '../../../src/versions/2026-03-01/to-message.ts';
import { toUsage } from '../../../src/versions/2026-03-01/to-usage.ts';

const now = Date.UTC(2026, 2, 10, 8, 30, 0, 999);
const timestamp = '2026-03-10T08:30:00Z';
const message = {
  id: 'msg_1',
  role: 'assistant',
  parts: [{ type: 'text', text: '你好!有什么可以帮你的吗?' }],
  runId: 'run_1',
  model: 'gpt-4o',
  createdAt: timestamp,
} as const;
const run: ContractRun = {
  id: 'run_1',
  sessionId: 'session-123',
  channel: 'api',
  state: 'completed',
  model: 'gpt-4o',
  provider: 'openai',
  attempts: 1,
  message: { ...message, parts: [...message.parts] },
  finishReason: 'stop',
  usage: { inputTokens: 15, outputTokens: 12, totalTokens: 27, cachedInputTokens: 3, reasoningTokens: 2 },
  metadata: { order: '1' },
  createdAt: timestamp,
  endedAt: timestamp,
};

describe('an answer of 2026-03-01', () => {
  it('to chat is the one in the source', () => {
    assert.deepEqual(version20260301.answer('createChat', run, now), {
      success: true,
      data: {
        message: '你好!有什么可以帮你的吗?',
        sessionId: 'session-123',
        model: 'gpt-4o',
        usage: { promptTokens: 15, completionTokens: 12, totalTokens: 27 },
      },
      timestamp,
    });
  });

  it('to chat is the empty text where the model only called tools, or said nothing at all', () => {
    const parts = [{ type: 'tool_call', id: 'x', name: 'look', arguments: '{}' }] as const;
    assert.equal(toChatAnswer({ ...run, message: { ...message, parts: [...parts] } }).message, '');
    const { message: _, ...silent } = run;
    assert.equal(toChatAnswer(silent).message, '');
  });

  const usages: [name: string, usage: ContractRun['usage'], want: object][] = [
    [
      'of all members',
      {
        inputTokens: 1,
        outputTokens: 2,
        totalTokens: 3,
        cachedInputTokens: 4,
        reasoningTokens: 5,
        estimated: true,
        cost: { amount: 1, currency: 'USD' },
      },
      { promptTokens: 1, completionTokens: 2, totalTokens: 3, estimated: true },
    ],
    [
      'that is exact',
      { inputTokens: 1, outputTokens: 2, totalTokens: 3, estimated: false },
      { promptTokens: 1, completionTokens: 2, totalTokens: 3, estimated: false },
    ],
    ['that nobody knows', undefined, { promptTokens: 0, completionTokens: 0, totalTokens: 0 }],
  ];
  for (const [name, usage, want] of usages) {
    it(`has a usage ${name} under its older names`, () => assert.deepEqual(toUsage(usage), want));
  }

  it('has messages as text, without their run', () => {
    assert.deepEqual(toMessage({ ...message, parts: [...message.parts] }), {
      id: 'msg_1',
      role: 'assistant',
      content: '你好!有什么可以帮你的吗?',
      model: 'gpt-4o',
      createdAt: timestamp,
    });
  });

  const lists: [operation: OperationId, name: string][] = [
    ['listModels', 'models'],
    ['listChannels', 'channels'],
    ['listSessions', 'sessions'],
    ['listKeys', 'keys'],
    ['listVersions', 'versions'],
  ];
  for (const [operation, name] of lists) {
    it(`to ${operation} names what it lists, in the same order and without a cursor`, () => {
      const items = [{ id: 'b' }, { id: 'a' }];
      assert.deepEqual(version20260301.answer(operation, { items, nextCursor: 'x' }, now), {
        success: true,
        data: { [name]: items },
        timestamp,
      });
    });
  }

  it('to listMessages has the oldest first', () => {
    const items = ['b', 'a'].map((id) => ({ ...message, id }));
    const answer = version20260301.answer('listMessages', { items, nextCursor: 'x' }, now);
    assert.deepEqual(answer, {
      success: true,
      data: { messages: ['a', 'b'].map((id) => ({ ...toMessage({ ...message, parts: [...message.parts] }), id })) },
      timestamp,
    });
  });

  for (const operation of [
    'getStatus',
    'getSession',
    'changeSession',
    'getKey',
    'createKey',
    'rotateKey',
    'revokeKey',
  ] as const) {
    it(`to ${operation} is the resource in the envelope`, () => {
      assert.deepEqual(version20260301.answer(operation, { a: 1 }, now), { success: true, data: { a: 1 }, timestamp });
    });
  }

  for (const operation of [
    'getHealth',
    'getLiveness',
    'getReadiness',
    'getDetailedHealth',
    'getOpenApiJson',
    'getMetrics',
  ] as const) {
    it(`to ${operation} has no envelope`, () => {
      const body = { status: 'ok' };
      assert.equal(version20260301.answer(operation, body, now), body);
    });
  }
});
