import assert from 'node:assert/strict';
import { GatewayError } from '../../src/core/errors.ts';
import type { Session, StoredKey } from '../../src/core/ports/store.ts';
import type { Run, RunEvent } from '../../src/core/run.ts';
import { toEvent } from '../../src/handlers/to-event.ts';
import { toKey } from '../../src/handlers/to-key.ts';
import { toMessage } from '../../src/handlers/to-message.ts';
import { toProblem } from '../../src/handlers/to-problem.ts';
import { toRun } from '../../src/handlers/to-run.ts';
import { toSession } from '../../src/handlers/to-session.ts';
import { toTimestamp } from '../../src/handlers/to-timestamp.ts';

const at = Date.UTC(2026, 2, 10, 8, 30, 0, 999);
const later = at + 1500;

describe('a time', () => {
  const cases: [time: number, text: string][] = [
    [0, '1970-01-01T00:00:00Z'],
    [at, '2026-03-10T08:30:00Z'],
    [at + 1, '2026-03-10T08:30:01Z'],
    [Date.UTC(9999, 11, 31, 23, 59, 59, 999), '9999-12-31T23:59:59Z'],
  ];
  for (const [time, text] of cases) it(`${time} is ${text}`, () => assert.equal(toTimestamp(time), text));
});

describe('what the core has, as the newest contract says it:', () => {
  const message = {
    id: 'msg_1',
    role: 'assistant',
    parts: [{ type: 'text', text: 'yes' }],
    createdAt: at,
    runId: 'run_1',
    model: 'm',
  } as const;
  const said = { ...message, createdAt: '2026-03-10T08:30:00Z' };
  const run: Run = {
    id: 'run_1',
    sessionId: 's1',
    user: 'alice',
    keyId: 'key_1',
    channel: 'api',
    state: 'completed',
    model: 'm',
    provider: 'p',
    attempts: 1,
    message: { ...message, parts: [...message.parts] },
    finishReason: 'stop',
    usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
    metadata: { a: 'b' },
    createdAt: at,
    endedAt: later,
  };
  const { user: _, keyId: __, ...open } = run;
  const shown = { ...open, message: said, createdAt: '2026-03-10T08:30:00Z', endedAt: '2026-03-10T08:30:02Z' };

  it('a message', () => assert.deepEqual(toMessage({ ...message, parts: [...message.parts] }), said));

  it('a run, without whose it is and by which key', () => assert.deepEqual(toRun(run), shown));

  it('a run with its cost, and without what only pricing needs', () => {
    const usage = { inputTokens: 1, outputTokens: 2, totalTokens: 3 };
    const told = toRun({ ...run, usage: { ...usage, cacheWriteTokens: 1, cost: 1_234_567 } });
    assert.deepEqual(told, { ...shown, usage: { ...usage, cost: { amount: 0.001234567, currency: 'USD' } } });
  });

  it('a run that has just begun', () => {
    const begun: Run = {
      id: 'run_1',
      sessionId: 's1',
      user: 'alice',
      channel: 'api',
      state: 'running',
      model: 'm',
      attempts: 0,
      createdAt: at,
    };
    const { user: ___, ...rest } = begun;
    assert.deepEqual(toRun(begun), { ...rest, createdAt: '2026-03-10T08:30:00Z' });
  });

  it('a run that failed', () => {
    const error = { code: 'RATE_LIMITED', message: 'Later.', retryable: true, retryAfter: 3 } as const;
    assert.deepEqual(toRun({ ...run, error }).error, {
      code: 'RATE_LIMITED',
      detail: 'Later.',
      retryable: true,
      retryAfter: 3,
    });
  });

  it('a session', () => {
    const session: Session = {
      id: 's1',
      title: 't',
      state: 'open',
      model: 'm',
      instructions: 'i',
      messageCount: 2,
      createdAt: at,
      updatedAt: later,
    };
    assert.deepEqual(toSession(session), {
      ...session,
      createdAt: '2026-03-10T08:30:00Z',
      updatedAt: '2026-03-10T08:30:02Z',
    });
  });

  const key: StoredKey = {
    id: 'key_1',
    name: 'n',
    user: 'alice',
    prefix: 'ocg_abcd',
    scopes: ['chat'],
    limits: { requestsPerMinute: 5 },
    hashes: [{ hash: 'secret' }],
    createdAt: at,
  };
  const { hashes: ____, ...bare } = key;

  it('a key, without its hashes', () => {
    assert.deepEqual(toKey(key), { ...bare, createdAt: '2026-03-10T08:30:00Z' });
    assert.doesNotMatch(JSON.stringify(toKey(key)), /secret/);
  });

  it('a key with everything, and its end', () => {
    assert.deepEqual(toKey({ ...key, models: ['m'], apiVersion: '2026-03-01', expiresAt: later, revokedAt: at }), {
      ...bare,
      models: ['m'],
      apiVersion: '2026-03-01',
      createdAt: '2026-03-10T08:30:00Z',
      expiresAt: '2026-03-10T08:30:02Z',
      revokedAt: '2026-03-10T08:30:00Z',
    });
  });

  const events: [name: string, event: RunEvent, want: object][] = [
    ['a beginning', { type: 'run.started', seq: 1, run }, { type: 'run.started', run: shown }],
    ['a piece of text', { type: 'message.delta', seq: 2, text: 'a' }, { type: 'message.delta', text: 'a' }],
    [
      'the first piece of a tool call',
      { type: 'tool_call.delta', seq: 3, index: 1, id: 'x', name: 'look', arguments: '' },
      { type: 'tool_call.delta', index: 1, callId: 'x', name: 'look', arguments: '' },
    ],
    [
      'a further piece of a tool call',
      { type: 'tool_call.delta', seq: 4, index: 1, arguments: '{}' },
      { type: 'tool_call.delta', index: 1, arguments: '{}' },
    ],
    ['a completion', { type: 'run.completed', seq: 5, run }, { type: 'run.completed', run: shown }],
    [
      'a failure, told by the run alone',
      { type: 'run.failed', seq: 5, run, error: { code: 'INTERNAL', message: 'x', retryable: true } },
      { type: 'run.failed', run: shown },
    ],
  ];
  for (const [name, event, want] of events) it(name, () => assert.deepEqual(toEvent(event), want));

  const problems: [name: string, error: GatewayError, want: object][] = [
    [
      'a refusal with when to come back',
      new GatewayError('RATE_LIMITED', 'Later.', { retryAfter: 30 }),
      {
        type: '/docs#RATE_LIMITED',
        title: 'Too many requests',
        status: 429,
        code: 'RATE_LIMITED',
        detail: 'Later.',
        retryable: true,
        retryAfter: 30,
      },
    ],
    [
      'a refusal for good of what may be refused for now',
      new GatewayError('RATE_LIMITED', 'Never.', { retryable: false, retryAfter: 60 }),
      {
        type: '/docs#RATE_LIMITED',
        title: 'Too many requests',
        status: 429,
        code: 'RATE_LIMITED',
        detail: 'Never.',
        retryable: false,
        retryAfter: 60,
      },
    ],
    [
      'a refusal with its faults and what may be used instead',
      new GatewayError('INVALID_REQUEST', 'No.', { faults: [{ pointer: '/a', message: 'm' }], supported: ['x'] }),
      {
        type: '/docs#INVALID_REQUEST',
        title: 'The request does not fit the contract',
        status: 400,
        code: 'INVALID_REQUEST',
        detail: 'No.',
        retryable: false,
        errors: [{ pointer: '/a', detail: 'm' }],
        supported: ['x'],
      },
    ],
    [
      'a failure without its cause',
      new GatewayError('INTERNAL', 'Oops.', { cause: new Error('secret') }),
      {
        type: '/docs#INTERNAL',
        title: 'Something went wrong inside the gateway',
        status: 500,
        code: 'INTERNAL',
        detail: 'Oops.',
        retryable: true,
      },
    ],
  ];
  for (const [name, error, want] of problems) {
    it(name, () => assert.deepEqual(toProblem(error, 'req_1'), { ...want, requestId: 'req_1' }));
  }
});
