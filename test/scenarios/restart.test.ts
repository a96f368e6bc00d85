/** A gateway that is killed without a word loses nothing that it has answered. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts';
import { openStream } from '../support/open-stream.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { type RequestOptions, requestTo, type Verb } from '../support/start-gateway.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

describe('a gateway killed between turns', function () {
  this.timeout(60_000);
  const folder = makeTemporaryDirectory();
  let fake: FakeProvider;
  let gateway: SpawnedGateway;
  let key: string;

  before(async () => {
    fake = await startFakeProvider();
    writeFileSync(join(folder.path, 'gateway.json5'), '{ gateway: { limits: { requestsPerMinute: 100000 } } }');
    gateway = await start();
    key = gateway.key ?? assert.fail('it made no key');
  });
  after(async () => {
    await gateway.kill();
    await fake.close();
    folder.remove();
  });

  const start = () => spawnGateway(folder.path, { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: fake.openaiUrl });
  const restart = async () => {
    await gateway.kill();
    gateway = await start();
  };
  const ask = (method: Verb, path: string, options: RequestOptions = {}) =>
    requestTo(gateway.url, method, path, { key, ...options });
  const chat = (message: string, sessionId = 'diary', headers = {}) =>
    ask('POST', '/api/chat', { body: { channel: 'api', message, sessionId }, headers });

  async function contents(sessionId: string): Promise<string[]> {
    const { body } = await ask('GET', `/api/sessions/${sessionId}/messages`);
    return body.data.messages.map(({ content }: { content: string }) => content);
  }

  it('keeps sessions, what was said in them, and keys, and makes no second first key', async () => {
    await chat('one');
    await ask('POST', '/api/sessions/diary', { body: { action: 'rename', title: 'My diary' } });
    const made = await ask('POST', '/api/keys', { body: { name: 'k', user: 'ann', scopes: ['chat', 'sessions'] } });
    await restart();
    assert.equal(gateway.key, undefined);
    await chat('two');
    assert.deepEqual(await contents('diary'), ['one', 'one', 'two', 'two']);
    assert.equal((await ask('GET', '/api/sessions/diary')).body.data.title, 'My diary');
    const history = fake.requests.at(-1)?.body.messages;
    assert.ok(Array.isArray(history) && history.length === 3, 'the provider was told of the turn before the crash');
    assert.equal((await ask('GET', '/api/sessions', { key: made.body.data.key })).status, 200);
  });

  it('does not do again what an Idempotency-Key has done', async () => {
    const headers = { 'Idempotency-Key': 'once' };
    const first = await chat('three', 'once', headers);
    await restart();
    const calls = fake.requests.length;
    const again = await chat('three', 'once', headers);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assert.deepEqual(again.body.data, first.body.data);
    assert.equal(fake.requests.length, calls);
    assert.equal((await contents('once')).length, 2);
  });

  it('tells of a promised run that it was interrupted, and keeps the question', async () => {
    const calls = fake.requests.length;
    fake.next({ chunks: 1000, chunkMs: 50 });
    const input = [{ type: 'text', text: 'tell me' }];
    const body = { input, sessionId: 'story', stream: true, resumable: true };
    const stream = await openStream(gateway, '/api/v2/chat', { key, body });
    const started = await stream.next();
    const run = started?.data.run;
    assert.ok(typeof run === 'object' && run !== null && 'id' in run);
    await fake.received(calls + 1);
    await restart();
    const { body: found } = await ask('GET', `/api/v2/runs/${run.id}`);
    assert.deepEqual([found.state, found.error.code], ['failed', 'INTERRUPTED']);
    assert.deepEqual((await contents('story'))[0], 'tell me');
  });

  it('has every turn that it answered, wherever it was killed', async () => {
    const answered: string[] = [];
    const enough = Promise.withResolvers<void>();
    const talkers = Array.from({ length: 4 }, async (_, talker) => {
      for (let turn = 0; ; turn += 1) {
        const text = `${talker}-${turn}`;
        const { status } = await chat(text, `talk-${talker}`);
        if (status === 200) answered.push(text);
        if (answered.length >= 50) enough.resolve();
      }
    });
    for (const talker of talkers) talker.catch(() => {});
    await enough.promise;
    await restart();
    await Promise.allSettled(talkers);
    const kept = new Set((await Promise.all([0, 1, 2, 3].map((talker) => contents(`talk-${talker}`)))).flat());
    assert.deepEqual(
      answered.filter((text) => !kept.has(text)),
      [],
    );
  });

  it('stops in order when it is asked to', async () => {
    await chat('good night');
    assert.equal(await gateway.stop(), 0);
    gateway = await start();
    assert.equal((await contents('diary')).at(-1), 'good night');
  });
});
