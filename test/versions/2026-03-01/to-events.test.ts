import assert from 'node:assert/strict';
import type { StreamEvent } from '../../../src/handlers/to-event.ts';
import type { ContractRun } from '../../../src/handlers/to-run.ts';
import { version20260301 } from '../../../src/versions/2026-03-01/index.ts';

const run: ContractRun = {
  id: 'run_1',
  sessionId: 's1',
  state: 'completed',
  model: 'gpt-4o',
  attempts: 1,
  message: {
    id: 'msg_1',
    role: 'assistant',
    parts: [{ type: 'text', text: '春风拂面' }],
    createdAt: '2026-03-10T08:30:00Z',
  },
  usage: { inputTokens: 20, outputTokens: 30, totalTokens: 50 },
  createdAt: '2026-03-10T08:30:00Z',
};
const usage = { promptTokens: 20, completionTokens: 30, totalTokens: 50 };
const { message: _, usage: __, ...unheard } = run;
const error = { code: 'PROVIDER_UNAVAILABLE', detail: 'Later.', retryable: true, retryAfter: 2 } as const;

describe('the events of 2026-03-01', () => {
  const done = { type: 'done', usage, sessionId: 's1', model: 'gpt-4o' };
  const failed = { type: 'error', code: 'PROVIDER_UNAVAILABLE', message: 'Later.', retryAfter: 2 };
  const cases: [name: string, event: StreamEvent, want: object[]][] = [
    ['begin silently', { type: 'run.started', run: { ...run, state: 'running' } }, []],
    ['are pieces of text', { type: 'message.delta', text: '春' }, [{ type: 'chunk', content: '春' }]],
    ['say nothing of tool calls', { type: 'tool_call.delta', index: 0, arguments: '{}' }, []],
    ['end with the usage, the session and the model', { type: 'run.completed', run }, [done]],
    ['end with the failure', { type: 'run.failed', run: { ...unheard, state: 'failed', error } }, [failed]],
    [
      'end with the failure and the usage so far',
      { type: 'run.failed', run: { ...run, state: 'failed', error } },
      [{ ...failed, usage }],
    ],
  ];
  for (const [name, event, want] of cases) {
    it(name, () => {
      assert.deepEqual(
        version20260301.events(event),
        want.map((data) => ({ name: 'message', data })),
      );
      assert.deepEqual(version20260301.frames.event(event), want, 'frames are the same; the transport addresses them');
    });
  }

  it('are the whole message and its end, for who wants no stream', () => {
    assert.deepEqual(version20260301.frames.whole({ type: 'run.completed', run }), [
      { type: 'message', content: '春风拂面' },
      done,
    ]);
    assert.deepEqual(version20260301.frames.whole({ type: 'run.completed', run: unheard }), [
      { type: 'message', content: '' },
      { ...done, usage: { promptTokens: 0, completionTokens: 0, totalTokens: 0 } },
    ]);
    assert.deepEqual(
      version20260301.frames.whole({ type: 'run.failed', run: { ...unheard, state: 'failed', error } }),
      [failed],
    );
  });

  it('tell of a message said elsewhere', () => {
    const { message } = run;
    assert.ok(message);
    assert.deepEqual(version20260301.frames.said('s1', message), {
      type: 'message',
      content: '春风拂面',
      sessionId: 's1',
      role: 'assistant',
      messageId: 'msg_1',
    });
  });
});
