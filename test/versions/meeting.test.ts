import assert from 'node:assert/strict';
import type { ContractChatRequest } from '../../src/handlers/from-chat-request.ts';
import { versions } from '../../src/versions/index.ts';
import { alice, type GatewayUnderTest, makeGateway } from '../support/make-gateway.ts';
import { perform } from '../support/perform.ts';
import {
  createScriptedProvider,
  finish,
  type ScriptedProvider,
  type Step,
  text,
  toolCall,
} from '../support/scripted-provider.ts';

const [v1 = assert.fail(), v2 = assert.fail()] = versions;

describe('where clients of two versions meet in one session', () => {
  let under: GatewayUnderTest;
  let provider: ScriptedProvider;
  let script: readonly Step[];
  beforeEach(async () => {
    script = [text('yes'), finish];
    provider = createScriptedProvider(() => script);
    under = await makeGateway({ providers: [provider] });
  });
  afterEach(() => under.close());

  async function chat(version: typeof v1, body: object): Promise<unknown> {
    // What the version's contract lets through, its mapping makes a chat request.
    const request = version.request('createChat', body) as ContractChatRequest;
    const sent = await perform(
      under.gateway,
      'createChat',
      { path: {}, query: {}, body: request },
      { principal: alice },
    );
    return version.answer('createChat', sent.body, under.clock.now());
  }

  async function history(version: typeof v1): Promise<unknown> {
    const input = { path: { id: 's1' }, query: {}, body: undefined };
    const sent = await perform(under.gateway, 'listMessages', input, { principal: alice });
    return version.answer('listMessages', sent.body, under.clock.now());
  }

  const ask1 = (message: string) => chat(v1, { channel: 'api', message, sessionId: 's1' });
  const ask2 = (...input: ContractChatRequest['input']) => chat(v2, { input, sessionId: 's1' });

  it('an answer that only calls tools is the empty message to the older one', async () => {
    script = [toolCall('x'), [{ type: 'finish', reason: 'tool_calls' }]];
    const answer = await ask1('look');
    assert.ok(typeof answer === 'object' && answer !== null && 'data' in answer);
    assert.deepEqual(answer.data, {
      message: '',
      sessionId: 's1',
      model: 'model-a',
      usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3, estimated: true },
    });
  });

  it('a tool call that the newer one left open is closed when the older one speaks', async () => {
    script = [toolCall('x'), [{ type: 'finish', reason: 'tool_calls' }]];
    await ask2({ type: 'text', text: 'look' });
    script = [text('never mind, then'), finish];
    await ask1('something else');
    assert.deepEqual(provider.calls[1]?.call.messages.at(-1)?.parts, [
      { type: 'tool_result', toolCallId: 'x', content: '', status: 'cancelled' },
      { type: 'text', text: 'something else' },
    ]);
    const stored = await under.gateway.sessions.messages(alice, 's1', { limit: 10 });
    assert.equal(stored.items.length, 4);
  });

  it('an image reads as its description to the older one, and stays an image to the newer', async () => {
    const image = { type: 'image', url: 'https://example.com/cat.png', description: 'A cat' } as const;
    await ask2({ type: 'text', text: 'What is this? ' }, image);
    const old = JSON.stringify(await history(v1));
    assert.match(old, /"content":"What is this\? A cat"/);
    assert.doesNotMatch(old, /cat\.png/);
    assert.match(JSON.stringify(await history(v2)), /cat\.png/);
  });

  it('both read the same history, each in its own shape', async () => {
    await ask1('one');
    await ask2({ type: 'text', text: 'two' });
    const contents = JSON.stringify(await history(v1)).match(/"content":"\w+"/g);
    assert.deepEqual(contents, ['"content":"one"', '"content":"yes"', '"content":"two"', '"content":"yes"']);
    const texts = JSON.stringify(await history(v2)).match(/"text":"\w+"/g);
    assert.deepEqual(texts, ['"text":"yes"', '"text":"two"', '"text":"yes"', '"text":"one"']);
  });
});
