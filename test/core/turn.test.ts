import assert from 'node:assert/strict';
import type { Part } from '../../src/core/message.ts';
import { laneOf } from '../../src/core/turn.ts';
import { isFree } from '../support/free-lane.ts';
import { isError } from '../support/is-error.ts';
import { alice, ask, bob, type GatewayUnderTest, makeGateway, runToEnd } from '../support/make-gateway.ts';
import {
  createScriptedProvider,
  finish,
  type ScriptedProvider,
  type Step,
  text,
  toolCall,
} from '../support/scripted-provider.ts';

const signal = new AbortController().signal;

describe('what a turn begins with', () => {
  let under: GatewayUnderTest;
  let provider: ScriptedProvider;
  let script: readonly Step[];
  beforeEach(async () => {
    script = [text('yes'), finish];
    provider = createScriptedProvider(() => script, { models: ['model-a', 'model-b'] });
    under = await makeGateway({ providers: [provider], settings: { history: { messages: 6, tokens: 2000 } } });
  });
  afterEach(() => under.close());

  const say = (words: string, sessionId = 's1') => runToEnd(under.gateway, ask(words, { sessionId }));
  const answer = (...input: Part[]) => runToEnd(under.gateway, ask('', { sessionId: 's1', input }));
  const result = (toolCallId: string): Part => ({ type: 'tool_result', toolCallId, content: 'seen' });
  const sent = () =>
    provider.calls.at(-1)?.call.messages.map(({ role, parts }) => [role, ...parts.map(toWords)].join(' '));

  async function refused(request: ReturnType<typeof ask>, ...expected: Parameters<typeof isError>): Promise<void> {
    const asked = provider.calls.length;
    await assert.rejects(under.gateway.runs.start(alice, request, { signal }), isError(...expected));
    assert.equal(provider.calls.length, asked, 'nobody was asked');
    assert.equal(under.gateway.runs.active(), 0);
    assert.ok(await isFree(under.lanes, laneOf('alice', 's1')));
  }

  it('is the conversation so far, oldest first', async () => {
    await say('one');
    await say('two');
    await say('three');
    assert.deepEqual(sent(), ['user one', 'assistant yes', 'user two', 'assistant yes', 'user three']);
  });

  it('is as much of the conversation as the bounds let through', async () => {
    for (const words of ['one', 'two', 'three', 'four', 'five']) await say(words);
    assert.deepEqual(sent()?.[0], 'user two', 'six messages before the question');
    await say('x'.repeat(8001));
    await say('after it');
    assert.deepEqual(sent(), ['user after it']);
  });

  it('is nothing of another session, and nothing of another user’s session of that name', async () => {
    await say('mine');
    await say('elsewhere', 's2');
    assert.deepEqual(sent(), ['user elsewhere']);
    await runToEnd(under.gateway, ask('hi', { sessionId: 's1' }), bob);
    assert.deepEqual(sent(), ['user hi']);
  });

  it('makes a session under a new name, and under one of its own without any', async () => {
    const { run } = await runToEnd(under.gateway, ask('hi'));
    assert.match(run.sessionId, /^s-[0-9a-z]{26}$/);
    assert.equal((await under.gateway.sessions.get(alice, run.sessionId)).messageCount, 2);
    await runToEnd(under.gateway, ask('again', { sessionId: run.sessionId }));
    assert.deepEqual(sent(), ['user hi', 'assistant yes', 'user again']);
    assert.equal((await say('hi', 'session-123')).run.sessionId, 'session-123');
  });

  it('names the key and keeps the client’s notes, and no key where there was none', async () => {
    const metadata = { order: '4711' };
    const { run } = await runToEnd(under.gateway, ask('hi', { metadata }), { ...alice, keyId: 'key_1' });
    assert.deepEqual([run.keyId, run.metadata, run.user, run.channel], ['key_1', metadata, 'alice', 'api']);
    assert.equal('keyId' in (await say('hi')).run, false);
  });

  it('takes model and instructions from the request, else from the session, else the default', async () => {
    await say('hi');
    assert.equal(provider.calls.at(-1)?.call.model, 'model-a');
    await under.gateway.sessions.change(
      alice,
      's1',
      { action: 'configure', model: 'model-b', instructions: 'short' },
      signal,
    );
    await say('hi');
    assert.deepEqual(
      [provider.calls.at(-1)?.call.model, provider.calls.at(-1)?.call.instructions],
      ['model-b', 'short'],
    );
    await runToEnd(under.gateway, ask('hi', { sessionId: 's1', model: 'model-a', instructions: 'long' }));
    assert.deepEqual(
      [provider.calls.at(-1)?.call.model, provider.calls.at(-1)?.call.instructions],
      ['model-a', 'long'],
    );
  });

  it('says how much is to be thought where the request does', async () => {
    await runToEnd(under.gateway, ask('hi', { sessionId: 's1', reasoningEffort: 'none' }));
    assert.equal(provider.calls.at(-1)?.call.reasoningEffort, 'none');
    await say('hi');
    assert.equal(provider.calls.at(-1)?.call.reasoningEffort, undefined);
  });

  it('says how much is to be said where the request does', async () => {
    await runToEnd(under.gateway, ask('hi', { sessionId: 's1', verbosity: 'low' }));
    assert.equal(provider.calls.at(-1)?.call.verbosity, 'low');
    await say('hi');
    assert.equal(provider.calls.at(-1)?.call.verbosity, undefined);
  });

  it('is refused in a closed session', async () => {
    await say('hi');
    await under.gateway.sessions.change(alice, 's1', { action: 'close' }, signal);
    await refused(ask('hi', { sessionId: 's1' }), 'SESSION_CLOSED');
    await under.gateway.sessions.change(alice, 's1', { action: 'reopen' }, signal);
    await say('hi');
  });

  it('is refused for models that are not there or not the key’s', async () => {
    await refused(ask('hi', { sessionId: 's1', model: 'nothing' }), 'MODEL_NOT_FOUND');
    await assert.rejects(
      under.gateway.runs.start({ ...alice, models: ['model-b'] }, ask('hi', { sessionId: 's1' }), { signal }),
      isError('FORBIDDEN'),
    );
    assert.ok(await isFree(under.lanes, laneOf('alice', 's1')));
  });

  it('is refused for who has already left', async () => {
    await assert.rejects(
      under.gateway.runs.start(alice, ask('hi', { sessionId: 's1' }), { signal: AbortSignal.abort() }),
    );
    assert.equal(provider.calls.length, 0);
  });

  describe('after a tool call', () => {
    beforeEach(async () => {
      script = [toolCall('x', 'look', 0), toolCall('y', 'find', 1), [{ type: 'finish', reason: 'tool_calls' }]];
      await say('look');
      script = [text('seen'), finish];
    });

    it('is its result', async () => {
      await answer(result('x'), result('y'));
      assert.deepEqual(sent(), ['user look', 'assistant call:x call:y', 'user result:x result:y']);
    });

    it('is a cancelled result for every call that was left open, also in what is stored', async () => {
      await say('never mind');
      assert.deepEqual(sent()?.at(-1), 'user cancelled:x cancelled:y never mind');
      await say('and now?');
      assert.deepEqual(sent(), [
        'user look',
        'assistant call:x call:y',
        'user cancelled:x cancelled:y never mind',
        'assistant seen',
        'user and now?',
      ]);
    });

    it('closes what the results leave open', async () => {
      await answer({ type: 'text', text: 'only one' }, result('y'));
      assert.deepEqual(sent()?.at(-1), 'user cancelled:x result:y only one');
    });

    const strays: [name: string, input: Part[], pointer: string][] = [
      ['a result of no call', [{ type: 'text', text: 'hm' }, result('z')], '/input/1/toolCallId'],
      ['two results of one call', [result('x'), result('y'), result('x')], '/input/2/toolCallId'],
    ];
    for (const [name, input, pointer] of strays) {
      it(`is refused with ${name}`, () => refused(ask('', { sessionId: 's1', input }), 'INVALID_REQUEST', pointer));
    }

    it('is refused with a result that comes after something else was said', async () => {
      await say('never mind');
      await refused(ask('', { sessionId: 's1', input: [result('x')] }), 'INVALID_REQUEST', '/input/0/toolCallId');
    });

    it('is refused as too long, not as a stray, when the call no longer fits what is sent', async () => {
      script = [
        [{ type: 'tool_call', index: 0, id: 'long', name: 'look', arguments: 'x'.repeat(8001) }],
        [{ type: 'finish', reason: 'tool_calls' }],
      ];
      await answer(result('x'), result('y'));
      await refused(ask('', { sessionId: 's1', input: [result('long')] }), 'CONTEXT_TOO_LONG');
      script = [text('fine'), finish];
      await say('never mind');
      assert.deepEqual(sent(), ['user never mind']);
    });
  });

  it('is refused with a result in a session that is new', () =>
    refused(ask('', { sessionId: 's1', input: [result('x')] }), 'INVALID_REQUEST', '/input/0/toolCallId'));
});

function toWords(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
      return 'image';
    case 'tool_call':
      return `call:${part.id}`;
    case 'tool_result':
      return `${part.status ?? 'result'}:${part.toolCallId}`;
  }
}
