import assert from 'node:assert/strict';
import { alice, ask, runToEnd } from '../support/make-gateway.ts';
import { finish, text } from '../support/scripted-provider.ts';
import { useTurns } from '../support/use-turns.ts';

const page = { limit: 100 };

describe('a turn that goes well', () => {
  const rig = useTurns();

  it('tells how it began, each piece, and how it ended', async () => {
    const { run, events } = await runToEnd(rig.gateway, ask('hi', { sessionId: rig.freshSession() }));
    assert.deepEqual(
      events.map(({ type, seq }) => `${seq} ${type}`),
      ['1 run.started', '2 message.delta', '3 message.delta', '4 run.completed'],
    );
    assert.equal(run.state, 'completed');
    assert.deepEqual(run.message?.parts, [{ type: 'text', text: 'Hello there' }]);
    assert.equal(run.finishReason, 'stop');
    assert.deepEqual(run.usage, { inputTokens: 3, outputTokens: 2, totalTokens: 5 });
    assert.deepEqual([run.provider, run.attempts, run.model], ['first', 1, 'model-a']);
  });

  it('keeps what came in one batch in one batch', async () => {
    rig.scripts[0] = [[], [...text('a', 'b'), ...finish]];
    const active = await rig.gateway.runs.start(alice, ask('hi'), { signal: new AbortController().signal });
    assert.equal(active.replayed, false);
    const batches: string[][] = [];
    for await (const batch of active.events) batches.push(batch.map(({ type }) => type));
    assert.deepEqual(batches, [['run.started', 'message.delta', 'message.delta'], ['run.completed']]);
  });

  it('is stored before its last event', async () => {
    const sessionId = rig.freshSession();
    const active = await rig.gateway.runs.start(alice, ask('hi', { sessionId }), {
      signal: new AbortController().signal,
    });
    let stored: unknown;
    for await (const batch of active.events) {
      if (batch.some(({ type }) => type === 'run.completed')) {
        stored = (await rig.under.store.listMessages('alice', sessionId, page))?.items.map(({ role, parts }) => [
          role,
          parts,
        ]);
      }
    }
    assert.deepEqual(stored, [
      ['assistant', [{ type: 'text', text: 'Hello there' }]],
      ['user', [{ type: 'text', text: 'hi' }]],
    ]);
  });

  it('asks for what was asked for, and for nothing else', async () => {
    const settings = {
      instructions: 'be short',
      temperature: 0,
      topP: 0.5,
      maxOutputTokens: 9,
      stop: ['x'],
      seed: 0,
      tools: [{ name: 'look', parameters: {} }],
      toolChoice: 'auto',
      responseFormat: { type: 'json' },
    } as const;
    await runToEnd(
      rig.gateway,
      ask('hi', {
        ...settings,
        stop: [...settings.stop],
        tools: [...settings.tools],
        stream: false,
        metadata: { a: 'b' },
      }),
    );
    const { messages, ...call } = rig.first.calls[0]?.call ?? assert.fail('not asked');
    assert.deepEqual(call, { model: 'model-a', stream: false, ...settings });
    assert.deepEqual(
      messages.map(({ role, parts }) => ({ role, parts })),
      [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
    );
    await runToEnd(rig.gateway, ask('hi'));
    assert.deepEqual(Object.keys(rig.first.calls[1]?.call ?? {}).toSorted(), ['messages', 'model', 'stream']);
  });

  it('tells others of its beginning, its messages and its end', async () => {
    const sessionId = rig.freshSession();
    const { run } = await runToEnd(rig.gateway, ask('hi', { sessionId }));
    const about = { user: 'alice', sessionId };
    assert.deepEqual(
      rig.under.told.map((event) => (event.type === 'message' ? { ...event, message: event.message.role } : event)),
      [
        { type: 'run', ...about, runId: run.id, state: 'running' },
        { type: 'message', ...about, message: 'user' },
        { type: 'message', ...about, message: 'assistant' },
        { type: 'run', ...about, runId: run.id, state: 'completed' },
      ],
    );
  });

  it('is counted once, by model and provider, with the time it took', async () => {
    rig.takesMs = 1500;
    rig.scripts[0] = [[], ...rig.scripts[0]];
    await runToEnd(rig.gateway, ask('hi'));
    const counted = rig.under.metrics.calls.filter(({ name }) => name !== 'storeCommit');
    assert.deepEqual(counted, [
      { name: 'runStarted', arguments: [] },
      { name: 'firstToken', arguments: [{ model: 'model-a', provider: 'first' }, 1.5] },
      { name: 'providerCall', arguments: [{ provider: 'first', outcome: 'completed' }, 1.5] },
      {
        name: 'tokens',
        arguments: [
          { model: 'model-a', provider: 'first' },
          { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
        ],
      },
      { name: 'runEnded', arguments: [{ model: 'model-a', provider: 'first', outcome: 'completed' }, 1.5] },
    ]);
  });

  it('may have an empty answer', async () => {
    rig.scripts[0] = [finish];
    const sessionId = rig.freshSession();
    const { run, events } = await runToEnd(rig.gateway, ask('hi', { sessionId }));
    assert.deepEqual([run.state, run.message?.parts], ['completed', []]);
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, index) => index + 1),
    );
    rig.scripts[0] = [text('yes'), finish];
    await runToEnd(rig.gateway, ask('still there?', { sessionId }));
    const sent = rig.first.calls.at(-1)?.call.messages.map(({ role, parts }) => `${role} ${parts.length}`);
    assert.deepEqual(sent, ['user 1', 'user 1'], 'providers refuse an empty message');
  });

  it('tells of tool calls as they come', async () => {
    rig.scripts[0] = [
      [{ type: 'tool_call', index: 0, id: 'x', name: 'look', arguments: '{"a"' }],
      [{ type: 'tool_call', index: 0, arguments: ':1}' }],
      [{ type: 'finish', reason: 'tool_calls' }],
    ];
    const { run, events } = await runToEnd(rig.gateway, ask('hi'));
    assert.deepEqual(events.slice(1, 3), [
      { type: 'tool_call.delta', seq: 2, index: 0, id: 'x', name: 'look', arguments: '{"a"' },
      { type: 'tool_call.delta', seq: 3, index: 0, arguments: ':1}' },
    ]);
    assert.deepEqual(run.message?.parts, [{ type: 'tool_call', id: 'x', name: 'look', arguments: '{"a":1}' }]);
    assert.equal(run.finishReason, 'tool_calls');
  });

  it('has an estimated usage where the provider gives none', async () => {
    rig.scripts[0] = [text('12345678'), [{ type: 'finish', reason: 'stop' }]];
    const { run } = await runToEnd(rig.gateway, ask('1234', { instructions: '12345' }));
    assert.deepEqual(run.usage, { inputTokens: 3, outputTokens: 2, totalTokens: 5, estimated: true });
  });
});
