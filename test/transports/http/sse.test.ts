/** Server-Sent Events: bytes as the standard wants them, a heartbeat, readers that are slow and readers that leave. */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { EventSource } from 'eventsource';
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { openStream } from '../../support/open-stream.ts';
import { openRaw, rawRequest } from '../../support/raw-socket.ts';
import { scriptModels } from '../../support/script-models.ts';
import { finish, text } from '../../support/scripted-provider.ts';
import { startGateway, type TestGateway } from '../../support/start-gateway.ts';
import { until } from '../../support/until.ts';

const nasty = 'a\rb\nc\r\nd\u2028e\0f: "g"\n\ndata: h';

describe('Server-Sent Events', () => {
  const clock = new HandClock();
  let gateway: TestGateway;
  let fake: FakeProvider;
  let resume = Promise.withResolvers<void>();

  before(async () => {
    fake = await startFakeProvider();
    const { parts, settings } = scriptModels({
      poem: [text('春', '风'), text('拂面'), finish],
      nasty: [text(nasty), finish],
      slow: () => [{ wait: resume.promise }, text('at last'), finish],
      pauses: () => [text('so '), { wait: resume.promise }, text('far'), finish],
      mute: [finish],
    });
    gateway = await startGateway({ parts: { ...parts, clock }, settings });
  });
  beforeEach(() => {
    resume = Promise.withResolvers();
  });
  after(() => Promise.all([gateway.close(), fake.close()]));

  const body = (model: string, more: object = {}) => ({
    channel: 'api',
    message: 'hello',
    model,
    stream: true,
    ...more,
  });

  it('are framed as `event`, `data`, `id` and an empty line each', async () => {
    const { text: whole } = await gateway.request('POST', '/api/chat', { body: body('poem', { sessionId: 's' }) });
    const run = /id: (run_\w+)\./.exec(whole)?.[1];
    const usage = '{"promptTokens":3,"completionTokens":2,"totalTokens":5}';
    assert.deepEqual(whole.split('\n\n'), [
      `event: message\ndata: {"type":"chunk","content":"春"}\nid: ${run}.2`,
      `event: message\ndata: {"type":"chunk","content":"风"}\nid: ${run}.3`,
      `event: message\ndata: {"type":"chunk","content":"拂面"}\nid: ${run}.4`,
      `event: message\ndata: {"type":"done","usage":${usage},"sessionId":"s","model":"poem"}\nid: ${run}.5`,
      '',
    ]);
  });

  it('have names of their own in 2026-11-01', async () => {
    const input = [{ type: 'text', text: 'hello' }];
    const stream = await openStream(gateway, '/api/v2/chat', { body: { input, model: 'poem', stream: true } });
    const events = await stream.all();
    assert.deepEqual(
      events.map(({ name }) => name),
      ['run.started', 'message.delta', 'message.delta', 'message.delta', 'run.completed'],
    );
    assert.deepEqual(
      events.map(({ id }) => id?.split('.')[1]),
      ['1', '2', '3', '4', '5'],
    );
  });

  it('are read by the EventSource of the standard', async () => {
    const source = new EventSource(`${gateway.url}/api/chat`, {
      fetch: (url, init) =>
        fetch(url, {
          ...init,
          method: 'POST',
          headers: { ...init.headers, Authorization: `Bearer ${gateway.adminKey}`, 'Content-Type': 'application/json' },
          body: JSON.stringify(body('nasty')),
        }),
    });
    const told: unknown[] = [];
    const done = Promise.withResolvers<void>();
    source.addEventListener('message', ({ data, lastEventId }) => {
      const event = JSON.parse(data);
      told.push(event.content ?? event.type);
      assert.match(lastEventId, /^run_\w+\.\d+$/);
      if (event.type === 'done') done.resolve();
    });
    source.addEventListener('error', ({ message }) => done.reject(new Error(message)));
    await done.promise;
    source.close();
    assert.deepEqual(told, [nasty, 'done']);
  });

  it('carry line ends and NUL inside their data', async () => {
    const stream = await openStream(gateway, '/api/chat', { body: body('nasty') });
    assert.equal((await stream.all()).length, 2);
    assert.equal(stream.text(), nasty);
  });

  it('of an answer without a word are the end alone', async () => {
    const stream = await openStream(gateway, '/api/chat', { body: body('mute') });
    assert.deepEqual(
      (await stream.all()).map(({ data }) => data.type),
      ['done'],
    );
  });

  it('are kept open by a comment every 15 s, also before the first piece', async () => {
    const opening = openStream(gateway, '/api/chat', { body: body('slow') });
    await until(() => gateway.server.gateway.runs.active() === 1);
    await settled();
    clock.advance(14_999);
    const raced = await Promise.race([opening, settled().then(() => 'nothing yet')]);
    assert.equal(raced, 'nothing yet', 'until then a failure can still be an HTTP error');
    clock.advance(1);
    const stream = await opening;
    await until(() => stream.comments.length === 1);
    clock.advance(15_000);
    await until(() => stream.comments.length === 2);
    resume.resolve();
    await stream.all();
    assert.equal(stream.text(), 'at last');
    assert.deepEqual(stream.comments, ['waiting', 'waiting']);
  });

  it('put the heartbeat off when there is something to say', async () => {
    const stream = await openStream(gateway, '/api/chat', { body: body('pauses') });
    await stream.next();
    clock.advance(14_000);
    assert.deepEqual(stream.comments, []);
    clock.advance(1000);
    await until(() => stream.comments.length === 1);
    resume.resolve();
    await stream.all();
    assert.equal(stream.text(), 'so far');
  });

  it('begin before the answer is complete', async () => {
    const stream = await openStream(gateway, '/api/chat', { body: body('pauses') });
    assert.equal((await stream.next())?.data.content, 'so ');
    assert.equal(stream.events.length, 1);
    resume.resolve();
    await stream.all();
  });

  describe('with a provider behind them', () => {
    let behind: TestGateway;
    before(async () => {
      const providers = { fake: { type: 'openai', baseUrl: fake.openaiUrl, apiKey: 'sk-test', models: ['gpt-4o'] } };
      behind = await startGateway({ settings: { providers } });
    });
    after(() => behind.close());

    const ask = async (more: object, headers = {}) => {
      const raw = await openRaw(behind.port);
      const own = { Authorization: `Bearer ${behind.adminKey}`, 'Content-Type': 'application/json', ...headers };
      raw.write(rawRequest('POST /api/chat', own, JSON.stringify(body('gpt-4o', more))));
      return raw;
    };

    it('hold no more than 1 MiB for a reader that does not read, and slow the provider down', async () => {
      const responses: ServerResponse[] = [];
      const note = (message: unknown) => responses.push((message as { response: ServerResponse }).response);
      subscribe('http.server.request.start', note);
      const asked = fake.requests.length;
      fake.next({ text: `${'x'.repeat(399)} `.repeat(36_000) });
      const raw = await ask({}, { Connection: 'close' });
      raw.socket.pause();
      const upstream = await fake.received(asked + 1);
      unsubscribe('http.server.request.start', note);
      await until(() => upstream.stalled);
      const sent = await standstill(() => upstream.sentBytes);
      assert.ok(sent < 36_000 * 400, `the provider got rid of all its ${sent} bytes`);
      const held = Math.max(...responses.map(({ writableLength }) => writableLength));
      assert.ok(held > 0 && held <= 1024 * 1024, `${held} bytes are held`);
      raw.socket.resume();
      await raw.closed;
      const { text: whole } = await raw.answer('POST /api/chat');
      assert.equal(whole.match(/"type":"chunk"/g)?.length, 36_000, 'and nothing is lost when it reads at last');
    });

    for (const [name, behaviour, stream] of [
      ['in the middle of a stream', { chunks: 1000, chunkMs: 50 }, true],
      ['before the first piece', { firstByteMs: 60_000 }, true],
      ['before a whole answer', { firstByteMs: 60_000 }, false],
    ] as const) {
      it(`abort the provider’s call within 100 ms when their reader leaves ${name}`, async () => {
        const asked = fake.requests.length;
        fake.next(behaviour);
        const raw = await ask({ stream });
        const upstream = await fake.received(asked + 1);
        if ('chunks' in behaviour) await until(() => raw.rest().includes('"chunk"'));
        const left = performance.now();
        raw.destroy();
        const { aborted, at } = await upstream.closed;
        assert.ok(aborted);
        assert.ok(at - left <= 100, `after ${at - left} ms`);
        await until(() => behind.server.gateway.runs.active() === 0);
      });
    }
  });
});

/** Gives whatever is ready a chance to happen. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
}

/** Waits until a figure stands still. */
async function standstill(read: () => number): Promise<number> {
  let last = -1;
  for (let calm = 0; calm < 20; calm += 1) {
    await once(AbortSignal.timeout(20), 'abort');
    if (read() !== last) calm = 0;
    last = read();
  }
  return last;
}
