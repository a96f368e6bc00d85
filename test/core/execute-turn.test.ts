import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { GatewayError, type ProviderFault } from '../../src/core/errors.ts';
import type { Run, RunEvent } from '../../src/core/run.ts';
import { laneOf } from '../../src/core/turn.ts';
import { createCountedAbort } from '../support/counted-signal.ts';
import { isFree } from '../support/free-lane.ts';
import { alice, ask, type GatewayUnderTest, makeGateway, runToEnd } from '../support/make-gateway.ts';
import {
  createScriptedProvider,
  finish,
  type ScriptedProvider,
  type Step,
  text,
  toolCall,
} from '../support/scripted-provider.ts';

const page = { limit: 100 };

describe('a turn', () => {
  let under: GatewayUnderTest;
  let first: ScriptedProvider;
  let second: ScriptedProvider;
  /** What each provider does when it is asked. */
  let scripts: [readonly Step[], readonly Step[]];
  /** How long the first one takes to begin. */
  let takesMs: number;

  before(async () => {
    const play = () => {
      under.clock.advance(takesMs);
      return scripts[0];
    };
    first = createScriptedProvider(play, { name: 'first', models: ['model-a'] });
    second = createScriptedProvider(() => scripts[1], { name: 'second', models: ['model-b'] });
    under = await makeGateway({
      providers: [first, second],
      settings: { models: { default: 'model-a', routes: { 'model-a': ['first/model-a', 'second/model-b'] } } },
    });
  });
  after(() => under.close());
  beforeEach(() => {
    first.calls.length = 0;
    second.calls.length = 0;
    under.told.length = 0;
    under.metrics.calls.length = 0;
    takesMs = 0;
    scripts = [
      [text('Hello'), text(' there'), finish],
      [text('I am'), text(' the second'), finish],
    ];
  });

  let session = 0;
  const fresh = () => `session-${++session}`;

  describe('that goes well', () => {
    it('tells how it began, each piece, and how it ended', async () => {
      const { run, events } = await runToEnd(under.gateway, ask('hi', { sessionId: fresh() }));
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
      scripts[0] = [[], [...text('a', 'b'), ...finish]];
      const active = await under.gateway.runs.start(alice, ask('hi'), { signal: new AbortController().signal });
      assert.equal(active.replayed, false);
      const batches: string[][] = [];
      for await (const batch of active.events) batches.push(batch.map(({ type }) => type));
      assert.deepEqual(batches, [['run.started', 'message.delta', 'message.delta'], ['run.completed']]);
    });

    it('is stored before its last event', async () => {
      const sessionId = fresh();
      const active = await under.gateway.runs.start(alice, ask('hi', { sessionId }), {
        signal: new AbortController().signal,
      });
      let stored: unknown;
      for await (const batch of active.events) {
        if (batch.some(({ type }) => type === 'run.completed')) {
          stored = (await under.store.listMessages('alice', sessionId, page))?.items.map(({ role, parts }) => [
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
        under.gateway,
        ask('hi', {
          ...settings,
          stop: [...settings.stop],
          tools: [...settings.tools],
          stream: false,
          metadata: { a: 'b' },
        }),
      );
      const { messages, ...call } = first.calls[0]?.call ?? assert.fail('not asked');
      assert.deepEqual(call, { model: 'model-a', stream: false, ...settings });
      assert.deepEqual(
        messages.map(({ role, parts }) => ({ role, parts })),
        [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
      );
      await runToEnd(under.gateway, ask('hi'));
      assert.deepEqual(Object.keys(first.calls[1]?.call ?? {}).toSorted(), ['messages', 'model', 'stream']);
    });

    it('tells others of its beginning, its messages and its end', async () => {
      const sessionId = fresh();
      const { run } = await runToEnd(under.gateway, ask('hi', { sessionId }));
      const about = { user: 'alice', sessionId };
      assert.deepEqual(
        under.told.map((event) => (event.type === 'message' ? { ...event, message: event.message.role } : event)),
        [
          { type: 'run', ...about, runId: run.id, state: 'running' },
          { type: 'message', ...about, message: 'user' },
          { type: 'message', ...about, message: 'assistant' },
          { type: 'run', ...about, runId: run.id, state: 'completed' },
        ],
      );
    });

    it('is counted once, by model and provider, with the time it took', async () => {
      takesMs = 1500;
      scripts[0] = [[], ...scripts[0]];
      await runToEnd(under.gateway, ask('hi'));
      const counted = under.metrics.calls.filter(({ name }) => name !== 'storeCommit');
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
      scripts[0] = [finish];
      const sessionId = fresh();
      const { run, events } = await runToEnd(under.gateway, ask('hi', { sessionId }));
      assert.deepEqual([run.state, run.message?.parts], ['completed', []]);
      assert.deepEqual(
        events.map(({ seq }) => seq),
        events.map((_, index) => index + 1),
      );
      scripts[0] = [text('yes'), finish];
      await runToEnd(under.gateway, ask('still there?', { sessionId }));
      const sent = first.calls.at(-1)?.call.messages.map(({ role, parts }) => `${role} ${parts.length}`);
      assert.deepEqual(sent, ['user 1', 'user 1'], 'providers refuse an empty message');
    });

    it('tells of tool calls as they come', async () => {
      scripts[0] = [
        [{ type: 'tool_call', index: 0, id: 'x', name: 'look', arguments: '{"a"' }],
        [{ type: 'tool_call', index: 0, arguments: ':1}' }],
        [{ type: 'finish', reason: 'tool_calls' }],
      ];
      const { run, events } = await runToEnd(under.gateway, ask('hi'));
      assert.deepEqual(events.slice(1, 3), [
        { type: 'tool_call.delta', seq: 2, index: 0, id: 'x', name: 'look', arguments: '{"a"' },
        { type: 'tool_call.delta', seq: 3, index: 0, arguments: ':1}' },
      ]);
      assert.deepEqual(run.message?.parts, [{ type: 'tool_call', id: 'x', name: 'look', arguments: '{"a":1}' }]);
      assert.equal(run.finishReason, 'tool_calls');
    });

    it('has an estimated usage where the provider gives none', async () => {
      scripts[0] = [text('12345678'), [{ type: 'finish', reason: 'stop' }]];
      const { run } = await runToEnd(under.gateway, ask('1234', { instructions: '12345' }));
      assert.deepEqual(run.usage, { inputTokens: 3, outputTokens: 2, totalTokens: 5, estimated: true });
    });
  });

  describe('whose provider fails', () => {
    const kinds: [kind: ProviderFault, code: string, anotherMayDo: boolean][] = [
      ['unavailable', 'PROVIDER_UNAVAILABLE', true],
      ['rate_limited', 'PROVIDER_UNAVAILABLE', true],
      ['timeout', 'PROVIDER_TIMEOUT', true],
      ['unauthorized', 'PROVIDER_ERROR', true],
      ['malformed', 'PROVIDER_ERROR', true],
      ['model_not_found', 'MODEL_NOT_FOUND', true],
      ['invalid_request', 'INVALID_REQUEST', false],
      ['unsupported_parameter', 'UNSUPPORTED_PARAMETER', false],
      ['context_too_long', 'CONTEXT_TOO_LONG', false],
    ];
    for (const [kind, code, anotherMayDo] of kinds) {
      it(`with ${kind} before its first chunk ${anotherMayDo ? 'goes to the next, silently' : 'is not tried elsewhere'}`, async () => {
        scripts[0] = [{ fail: kind }];
        const { run, events } = await runToEnd(under.gateway, ask('hi'));
        assert.equal(second.calls.length, anotherMayDo ? 1 : 0);
        if (anotherMayDo) {
          assert.deepEqual([run.state, run.provider, run.attempts], ['completed', 'second', 2]);
          assert.equal(second.calls[0]?.call.model, 'model-b');
          assert.equal(textIn(events), 'I am the second');
          assert.equal(run.error, undefined);
        } else {
          assert.deepEqual([run.state, run.error?.code, run.attempts], ['failed', code, 1]);
          assert.equal(events.length, 1);
        }
      });

      it(`with ${kind} at every candidate fails with ${code}, and says nothing of what it was`, async () => {
        scripts = [[{ fail: kind }], [{ fail: kind }]];
        const sessionId = fresh();
        const { run, events } = await runToEnd(under.gateway, ask('hi', { sessionId }));
        assert.deepEqual(
          events.map(({ type, seq }) => `${seq} ${type}`),
          ['1 run.failed'],
        );
        assert.equal(run.error?.code, code);
        assert.doesNotMatch(JSON.stringify(run), /secret words/);
        assert.equal(
          await under.store.getSession('alice', sessionId),
          null,
          'nothing was said, so there is nothing to keep',
        );
        assert.equal((await under.store.getRun('alice', run.id))?.error?.code, code);
      });
    }

    it('after the first chunk does not fall back, and keeps what was said', async () => {
      scripts[0] = [text('Half an ans'), { fail: 'unavailable', retryAfterMs: 2500 }];
      const sessionId = fresh();
      const { run, events } = await runToEnd(under.gateway, ask('hi', { sessionId }));
      assert.equal(second.calls.length, 0);
      assert.deepEqual(
        events.map(({ type }) => type),
        ['run.started', 'message.delta', 'run.failed'],
      );
      assert.deepEqual([run.error?.code, run.error?.retryAfter], ['PROVIDER_UNAVAILABLE', 3]);
      assert.deepEqual(run.message?.parts, [{ type: 'text', text: 'Half an ans' }]);
      assert.equal(run.usage?.estimated, true);
      assert.equal((await under.store.listMessages('alice', sessionId, page))?.items.length, 2);
    });

    it('after a batch with nothing in it has said nothing yet, and falls back', async () => {
      scripts[0] = [[], { fail: 'unavailable' }];
      const { run, events } = await runToEnd(under.gateway, ask('hi'));
      assert.equal(run.provider, 'second');
      assert.equal(textIn(events), 'I am the second');
    });

    it('with what no adapter should throw is INTERNAL, and tried nowhere else', async () => {
      scripts[0] = [{ throw: new TypeError('cannot read property of undefined') }];
      const { run } = await runToEnd(under.gateway, ask('hi'));
      assert.equal(run.error?.code, 'INTERNAL');
      assert.doesNotMatch(JSON.stringify(run), /property/);
      assert.equal(second.calls.length, 0);
      assert.deepEqual(providerNews(under), [], 'a fault of ours says nothing of the provider');
    });

    it('is counted and logged, once for each try, with the cause', async () => {
      scripts[0] = [{ fail: 'unavailable' }];
      under.log.lines.length = 0;
      await runToEnd(under.gateway, ask('hi'));
      const tries = under.metrics.calls.filter(({ name }) => name === 'providerCall');
      assert.deepEqual(
        tries.map(({ arguments: [labels] }) => labels),
        [
          { provider: 'first', outcome: 'unavailable' },
          { provider: 'second', outcome: 'completed' },
        ],
      );
      const [line] = under.log.lines.filter(({ level }) => level === 'warn');
      assert.match(String(line?.fields.error), /secret words/);
    });

    it('after its finish has not finished', async () => {
      scripts[0] = [text('all of it'), finish, { fail: 'malformed' }];
      const { run } = await runToEnd(under.gateway, ask('hi'));
      assert.deepEqual([run.state, 'finishReason' in run, run.usage?.totalTokens], ['failed', false, 5]);
    });

    it('by ending without a finish has not answered', async () => {
      scripts[0] = [text('Half an ans')];
      const { run } = await runToEnd(under.gateway, ask('hi'));
      assert.deepEqual([run.state, run.error?.code], ['failed', 'PROVIDER_ERROR']);
    });

    it('is known to be failing, and to be well again', async () => {
      await runToEnd(under.gateway, ask('hi'));
      scripts[0] = [{ fail: 'unavailable' }];
      await runToEnd(under.gateway, ask('hi'));
      assert.equal(providerNews(under).at(-1), 'first degraded');
      scripts[0] = [text('back'), finish];
      await runToEnd(under.gateway, ask('hi'));
      assert.equal((await under.gateway.status.health()).providers.first, 'connected');
    });
  });

  describe('whose client leaves', () => {
    it('ends the call, with what was said kept as far as it went', async () => {
      scripts[0] = [text('Half an ans'), 'hang'];
      const sessionId = fresh();
      const abort = createCountedAbort();
      const { run } = await readUntil(under, ask('hi', { sessionId }), abort, 1);
      assert.deepEqual([run?.state, run?.error?.code], ['failed', 'CLIENT_CLOSED']);
      assert.equal(run?.usage?.estimated, true);
      assert.equal(first.calls[0]?.outcome, 'aborted');
      assert.ok(first.calls[0]?.aborted instanceof GatewayError);
      assert.equal((await under.store.listMessages('alice', sessionId, page))?.items.length, 2);
      assert.equal(abort.listeners(), 0);
      assert.equal(second.calls.length, 0);
      assert.deepEqual(providerNews(under), [], 'the provider did nothing wrong');
    });

    it('before the first chunk stops all tries', async () => {
      scripts[0] = ['hang'];
      const abort = createCountedAbort();
      const { run, events } = await readUntil(under, ask('hi'), abort, 0);
      assert.equal(run?.error?.code, 'CLIENT_CLOSED');
      assert.equal(events.length, 1);
      assert.equal(second.calls.length, 0);
    });

    it('says why, where its transport has a reason of its own', async () => {
      scripts[0] = ['hang'];
      const late = new GatewayError('PROVIDER_TIMEOUT', 'Too late.');
      const { run } = await readUntil(under, ask('hi'), createCountedAbort(), 0, late);
      assert.equal(run?.error?.code, 'PROVIDER_TIMEOUT');
    });

    it('by reading no further is committed as left', async () => {
      scripts[0] = [text('Half'), text(' an answer'), text(' more'), finish];
      const sessionId = fresh();
      const active = await under.gateway.runs.start(alice, ask('hi', { sessionId }), {
        signal: new AbortController().signal,
      });
      let batches = 0;
      for await (const _ of active.events) {
        batches += 1;
        if (batches === 2) break;
      }
      const run = await under.store.getRun('alice', active.run.id);
      assert.equal(run?.error?.code, 'CLIENT_CLOSED');
      assert.deepEqual(run?.message?.parts, [{ type: 'text', text: 'Half an answer' }]);
      assert.equal(first.calls[0]?.outcome, 'returned');
      assert.ok(await isFree(under.lanes, laneOf('alice', sessionId)));
    });
  });

  describe('whatever happens to it', () => {
    const batch = fc.constantFrom(text('a'), text('b', 'c'), toolCall('x'), text(''), []);
    const end = fc.constantFrom<Step | 'cut'>(
      finish,
      'cut',
      'hang',
      { fail: 'unavailable' },
      { fail: 'invalid_request' },
      { throw: new Error('odd') },
    );
    const script = fc.record({ batches: fc.array(batch, { maxLength: 3 }), end });
    const client = fc.record({ does: fc.constantFrom('stays', 'aborts', 'stops'), after: fc.nat(3) } as const);

    function toSteps({ batches, end: last }: { batches: Step[]; end: Step | 'cut' }, hangs: boolean): Step[] {
      if (last === 'cut') return batches;
      return [...batches, last === 'hang' && !hangs ? finish : last];
    }

    it('ends once, in order, in the store, and leaves nothing behind', async () => {
      const { gateway, lanes, store } = under;
      await fc.assert(
        fc.asyncProperty(script, script, client, async (one, two, { does, after: leavesAfter }) => {
          scripts = [toSteps(one, does === 'aborts'), toSteps(two, does === 'aborts')];
          const calls = first.calls.length + second.calls.length;
          const sessionId = fresh();
          const abort = createCountedAbort();
          const active = await gateway.runs.start(alice, ask('hi', { sessionId }), { signal: abort.signal });
          const events = await readAs(does, leavesAfter, active.events, abort);

          assertOrderly(events, does === 'stops');
          const stored = await store.getRun('alice', active.run.id);
          assert.ok(stored && stored.state !== 'running' && stored.endedAt !== undefined);
          assert.equal(stored.state === 'failed', stored.error !== undefined);
          const terminal = events.find(isTerminal);
          if (terminal) assertSame(stored, terminal.run);
          assert.equal(gateway.runs.active(), 0);
          assert.ok(await isFree(lanes, laneOf('alice', sessionId)));
          assert.equal(abort.listeners(), 0);
          assert.equal(first.open() + second.open(), 0);
          assert.ok(first.calls.length + second.calls.length - calls <= 2);
        }),
        { numRuns: 150 },
      );
    });
  });
});

type Terminal = Extract<RunEvent, { type: 'run.completed' | 'run.failed' }>;

function isTerminal(event: RunEvent): event is Terminal {
  return event.type === 'run.completed' || event.type === 'run.failed';
}

/** Reads as a client does that stays, that aborts or that reads no further after so many batches. */
async function readAs(
  does: 'stays' | 'aborts' | 'stops',
  leavesAfter: number,
  batches: AsyncIterable<RunEvent[]>,
  abort: AbortController,
): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const reader = batches[Symbol.asyncIterator]();
  for (let read = 0; ; read += 1) {
    // Who has not begun to read cannot stop.
    if (does === 'stops' && read > leavesAfter) {
      await reader.return?.();
      return events;
    }
    const next = reader.next();
    if (does === 'aborts' && (read === leavesAfter || !(await isSoon(next)))) abort.abort();
    const { value, done } = await next;
    if (done) return events;
    events.push(...value);
  }
}

async function isSoon(work: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void work.finally(() => {
    settled = true;
  });
  for (let turn = 0; turn < 20 && !settled; turn += 1) await nextTurn();
  return settled;
}

function assertOrderly(events: readonly RunEvent[], mayLackItsEnd: boolean): void {
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, index) => index + 1),
  );
  if (events.length > 1) assert.equal(events[0]?.type, 'run.started');
  const terminal = events.filter(isTerminal);
  if (mayLackItsEnd && terminal.length === 0) return;
  assert.equal(terminal.length, 1);
  assert.equal(events.at(-1), terminal[0]);
}

function assertSame(stored: Run, told: Run): void {
  assert.deepEqual([stored.state, stored.error, stored.usage], [told.state, told.error, told.usage]);
  assert.deepEqual(stored.message?.parts, told.message?.parts);
}

/** Which providers changed their state. */
function providerNews({ told }: GatewayUnderTest): string[] {
  return told.flatMap((event) => (event.type === 'provider' ? [`${event.name} ${event.state}`] : []));
}

function textIn(events: readonly RunEvent[]): string {
  return events.map((event) => (event.type === 'message.delta' ? event.text : '')).join('');
}

/** Reads so many batches, aborts, and reads on to the end. */
async function readUntil(
  { gateway }: GatewayUnderTest,
  request: ReturnType<typeof ask>,
  abort: AbortController,
  batches: number,
  reason?: unknown,
): Promise<{ events: RunEvent[]; run: Run | undefined }> {
  const active = await gateway.runs.start(alice, request, { signal: abort.signal });
  const events: RunEvent[] = [];
  const reader = active.events[Symbol.asyncIterator]();
  for (let read = 0; ; read += 1) {
    const next = reader.next();
    if (read === batches) abort.abort(reason);
    const { value, done } = await next;
    if (done) break;
    events.push(...value);
  }
  const last = events.at(-1);
  return { events, run: last?.type === 'run.failed' ? last.run : undefined };
}
