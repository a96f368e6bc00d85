/**
 * One gateway, two versions: clients of both share a session and each sees its own shapes, and what of them cannot meet
 * is bridged as the protocol says.
 */
import assert from 'node:assert/strict';
import type { ProviderCall } from '../../src/core/ports/provider.ts';
import { versions } from '../../src/versions/index.ts';
import { enterSocket, openSocket } from '../support/open-socket.ts';
import { openStream } from '../support/open-stream.ts';
import { scriptModels } from '../support/script-models.ts';
import { finish, text, toolCall } from '../support/scripted-provider.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const words = {
  v1: /"(chunk|done|promptTokens|content|success)"/,
  v2: /"(run\.\w+|message\.delta|inputTokens|parts)"/,
};

const weather = { name: 'get_weather', description: 'Tells the weather.', parameters: { type: 'object' } };

describe('two versions', () => {
  let gateway: TestGateway;
  let ann: string;
  /** What a model was asked, newest last. */
  const calls: ProviderCall[] = [];
  let gate = Promise.withResolvers<void>();

  before(async () => {
    const { parts, settings } = scriptModels({
      tells(call) {
        calls.push(call);
        return [text('one '), { wait: gate.promise }, text('two'), finish];
      },
      'calls-a-tool': () => [toolCall('call_1', 'get_weather'), finish],
    });
    gateway = await startGateway({ parts, settings: { conformance: 'strict', ...settings } });
    ann = await gateway.makeKey();
  });
  beforeEach(() => {
    calls.length = 0;
    gate = Promise.withResolvers<void>();
  });
  after(() => gateway.close());

  const messagesOf = async (family: string, session: string) =>
    (await gateway.request('GET', `/api/${family}/sessions/${session}/messages`, { key: ann })).body;

  describe('hold one session at once', () => {
    it('over SSE in v1 and WebSocket in v2, each seeing only its own shapes', async () => {
      const newer = await enterSocket(gateway, ann, '/api/v2/ws');
      newer.send({ type: 'subscribe', events: ['message', 'status'] });
      await newer.next('subscribed');

      const older = await openStream(gateway, '/api/v1/chat', {
        key: ann,
        body: { channel: 'api', message: 'from the older', sessionId: 'shared', stream: true },
      });
      assert.equal((await older.next())?.data.content, 'one ');
      // Its turn is going on: the newer one's comes after it.
      newer.send({
        type: 'message',
        sessionId: 'shared',
        id: 'm-1',
        input: [
          { type: 'text', text: 'from the newer' },
          { type: 'image', url: 'https://example.com/cat.png', description: 'a cat' },
        ],
      });
      gate.resolve();
      const events = await older.all();
      const frames = await newer.answer();

      assert.deepEqual(
        events.map(({ data: { type, content } }) => [type, content]),
        [
          ['chunk', 'one '],
          ['chunk', 'two'],
          ['done', undefined],
        ],
      );
      assert.deepEqual(
        frames.map(({ type, id }) => [type, id]),
        [
          ['status', undefined],
          ['message', undefined],
          ['message', undefined],
          ['status', undefined],
          ['status', undefined],
          ['run.started', 'm-1'],
          ['message.delta', 'm-1'],
          ['message.delta', 'm-1'],
          ['status', undefined],
          ['run.completed', 'm-1'],
        ],
      );
      assert.doesNotMatch(JSON.stringify(events), words.v2);
      assert.doesNotMatch(JSON.stringify(newer.frames), words.v1);
      await newer.close();

      // Each turn came after the one before it, and the model knew of both.
      const asked = calls[1]?.messages.map(({ role, parts }) => [role, parts.map(({ type }) => type).join()]);
      assert.deepEqual(asked, [
        ['user', 'text'],
        ['assistant', 'text'],
        ['user', 'text,image'],
      ]);
    });

    it('and read the whole of it, each in its own words', async () => {
      const { data } = await messagesOf('v1', 'shared');
      assert.deepEqual(
        data.messages.map(({ role, content }: { role: string; content: string }) => `${role}: ${content}`),
        ['user: from the older', 'assistant: one two', 'user: from the newera cat', 'assistant: one two'],
      );
      const { items } = await messagesOf('v2', 'shared');
      assert.deepEqual(
        items.map(({ parts }: { parts: { type: string }[] }) => parts.map(({ type }) => type).join()),
        ['text', 'text,image', 'text', 'text'],
      );
      assert.doesNotMatch(JSON.stringify(data), words.v2);
      assert.doesNotMatch(JSON.stringify(items), words.v1);
    });
  });

  it('meet in a session where a tool call was left open: a v1 message closes it', async () => {
    const newer = await enterSocket(gateway, ann, '/api/v2/ws');
    newer.send({
      type: 'message',
      sessionId: 'tools',
      model: 'calls-a-tool',
      input: [{ type: 'text', text: 'weather?' }],
      tools: [weather],
    });
    await newer.answer();
    await newer.close();

    gate.resolve();
    const said = { channel: 'api', message: 'never mind', sessionId: 'tools' };
    const { status, body } = await gateway.request('POST', '/api/v1/chat', { key: ann, body: said });
    assert.deepEqual([status, body.data.message], [200, 'one two']);

    const last = calls[0]?.messages.at(-1)?.parts;
    assert.deepEqual(last, [
      { type: 'tool_result', toolCallId: 'call_1', content: '', status: 'cancelled' },
      { type: 'text', text: 'never mind' },
    ]);
    const { items } = await messagesOf('v2', 'tools');
    assert.deepEqual(items[1].parts, last, 'the newer version reads that it was closed');
    assert.equal(items[2].parts[0].type, 'tool_call');
    const { data } = await messagesOf('v1', 'tools');
    assert.deepEqual(
      data.messages.map(({ content }: { content: string }) => content),
      ['weather?', '', 'never mind', 'one two'],
    );
  });

  it('meet in a session where a tool shows a picture: v1 reads of it as little as of what the tool said', async () => {
    gate.resolve();
    const chat = (body: object) =>
      gateway.request('POST', '/api/v2/chat', { key: ann, body: { sessionId: 'shown', ...body } });
    await chat({ model: 'calls-a-tool', input: [{ type: 'text', text: 'look' }], tools: [weather] });
    const images = [{ type: 'image', data: 'iVBORw0KGgo=', mediaType: 'image/png', description: 'a cat' }];
    const result = { type: 'tool_result', toolCallId: 'call_1', content: 'seen', images };
    assert.equal((await chat({ input: [result] })).status, 200);
    assert.deepEqual(calls[0]?.messages.at(-1)?.parts, [result]);
    const { items } = await messagesOf('v2', 'shown');
    assert.deepEqual(items[1].parts, [result]);
    const { data } = await messagesOf('v1', 'shown');
    assert.equal(data.messages[2].content, '');
  });

  describe('are pinned to keys', () => {
    for (const { date, family } of versions) {
      it(`${date}, on REST and on WebSocket`, async () => {
        const pinned = await gateway.makeKey({ apiVersion: date });
        const { headers, body } = await gateway.request('GET', '/api/models', { key: pinned });
        assert.equal(headers['x-api-version'], date);
        assert.deepEqual(Object.keys(body).sort(), family === 'v1' ? ['data', 'success', 'timestamp'] : ['items']);
        for (const path of ['/ws', '/api/ws']) {
          const socket = await openSocket(gateway, path);
          socket.send({ type: 'auth', token: pinned });
          assert.equal((await socket.next('auth_ok')).version, date);
          await socket.close();
        }
      });
    }

    it('and path, header and `auth` go before a pin', async () => {
      const pinned = await gateway.makeKey({ apiVersion: '2026-11-01' });
      const headers = { 'X-API-Version': '2026-03-01' };
      for (const [path, given] of [
        ['/api/v1/models', {}],
        ['/api/models', headers],
      ] as const) {
        const answer = await gateway.request('GET', path, { key: pinned, headers: given });
        assert.equal(answer.headers['x-api-version'], '2026-03-01');
      }
      const socket = await openSocket(gateway);
      socket.send({ type: 'auth', token: pinned, version: '2026-03-01' });
      assert.equal((await socket.next('auth_ok')).version, '2026-03-01');
      await socket.close();
    });
  });
});
