/** One session, three clients at once, each on a transport of its own, through a real server of either wire. */
import assert from 'node:assert/strict';
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts';
import { enterSocket, type OpenSocket } from '../support/open-socket.ts';
import { openStream } from '../support/open-stream.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

interface Said {
  role: string;
  content: string;
}

describe('three clients in one session', () => {
  let fake: FakeProvider;
  let gateway: TestGateway;
  let listener: OpenSocket;

  before(async () => {
    fake = await startFakeProvider();
    const providers = {
      openai: { baseUrl: fake.openaiUrl, apiKey: 'sk-openai', models: ['gpt-4o'] },
      anthropic: { baseUrl: fake.anthropicUrl, apiKey: 'sk-anthropic', models: ['claude-sonnet-4-5'] },
    };
    gateway = await startGateway({ settings: { providers } });
    listener = await enterSocket(gateway);
    listener.send({ type: 'subscribe', events: ['message'] });
    await listener.next('subscribed');
  });
  after(async () => {
    await listener.close();
    await gateway.close();
    await fake.close();
  });

  async function rest(sessionId: string, model: string, text: string): Promise<string> {
    const body = { channel: 'api', message: text, sessionId, model, stream: false };
    const { status, body: answer } = await gateway.request('POST', '/api/chat', { body });
    assert.equal(status, 200);
    assert.ok(answer.data.usage.totalTokens > 0);
    return answer.data.message;
  }

  async function stream(sessionId: string, model: string, text: string): Promise<string> {
    const body = { channel: 'api', message: text, sessionId, model, stream: true };
    const open = await openStream(gateway, '/api/chat', { body });
    const last = (await open.all()).at(-1);
    assert.deepEqual([last?.data.type, last?.data.sessionId, last?.data.model], ['done', sessionId, model]);
    return open.text();
  }

  async function socket(sessionId: string, model: string, text: string): Promise<string> {
    const open = await enterSocket(gateway);
    open.send({ type: 'message', channel: 'api', content: text, sessionId, model });
    const frames = await open.answer();
    await open.close();
    assert.equal(frames.at(-1)?.type, 'done');
    for (const frame of frames) assert.equal(frame.sessionId, sessionId);
    return frames.map(({ content }) => content ?? '').join('');
  }

  for (const model of ['gpt-4o', 'claude-sonnet-4-5']) {
    it(`talk with ${model} at the same time, a turn after another`, async () => {
      const sessionId = `shared-${model}`;
      const transports = { rest, stream, socket };
      const turns = Array.from({ length: 4 }, (_, round) =>
        Object.entries(transports).map(async ([name, talk]) => {
          const text = `${name} says word number ${round}`;
          // The fake answers with what it was told last.
          assert.equal(await talk(sessionId, model, text), text);
          return text;
        }),
      );
      const said = await Promise.all(turns.flat());

      const history = await gateway.request('GET', `/api/sessions/${sessionId}/messages`);
      const messages: Said[] = history.body.data.messages;
      assert.equal(messages.length, 24);
      for (let at = 0; at < messages.length; at += 2) {
        const [question, answer] = messages.slice(at, at + 2);
        assert.deepEqual([question?.role, answer?.role], ['user', 'assistant']);
        assert.equal(answer?.content, question?.content, 'each answer stands behind its question');
      }
      assert.deepEqual(
        messages
          .filter(({ role }) => role === 'user')
          .map(({ content }) => content)
          .sort(),
        said.sort(),
      );
      assert.equal((await gateway.request('GET', `/api/sessions/${sessionId}`)).body.data.messageCount, 24);

      // Each turn was asked with all turns before it: none ran beside another.
      const sizes = fake.requests.filter(({ body }) => body.model === model).map(({ body }) => messagesIn(body));
      assert.deepEqual(
        sizes,
        Array.from({ length: 12 }, (_, turn) => 2 * turn + 1),
      );

      for (const message of messages) {
        const told = await listener.next('message');
        assert.deepEqual([told.sessionId, told.role, told.content], [sessionId, message.role, message.content]);
      }
    });
  }

  it('change the model in the middle of the conversation', async () => {
    await rest('mixed', 'gpt-4o', 'the first word');
    await stream('mixed', 'claude-sonnet-4-5', 'the second word');
    await socket('mixed', 'gpt-4o', 'the third word');
    const [last] = fake.requests.slice(-1);
    assert.equal(messagesIn(last?.body ?? {}), 5);
    const input = [{ type: 'text', text: 'the fourth word' }];
    const body = { input, sessionId: 'mixed', model: 'claude-sonnet-4-5' };
    const newest = await gateway.request('POST', '/api/v2/chat', { body });
    assert.deepEqual(newest.body.message.parts, [{ type: 'text', text: 'the fourth word' }]);
    assert.equal(newest.body.provider, 'anthropic');
  });
});

function messagesIn({ messages }: Readonly<Record<string, unknown>>): number {
  return Array.isArray(messages) ? messages.length : 0;
}
