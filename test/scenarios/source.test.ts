/**
 * The protocol as its user wrote it, typed at a gateway line by line: `gateway-protocol.zh.txt` is that text, and every
 * line of it that can be typed or answered is claimed by a step here.
 */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { runInNewContext } from 'node:vm';
import { loadConfig } from '../../src/config/index.ts';
import { createMemoryLimiter } from '../../src/coordination/memory/limiter.ts';
import type { Limiter } from '../../src/core/ports/limiter.ts';
import { createSqliteStore } from '../../src/storage/sqlite/index.ts';
import { systemClock } from '../../src/system/clock.ts';
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts';
import { observeStream } from '../support/observe-event.ts';
import { openSocket } from '../support/open-socket.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { createRecordingMetrics } from '../support/recording-metrics.ts';
import { runCurl } from '../support/run-curl.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

const source = readFileSync(new URL('gateway-protocol.zh.txt', import.meta.url), 'utf8').split('\n');
const claimed = new Set<number>();

/** Lines of the source, counted from 1, as they stand. */
function lines(from: number, to = from): string {
  for (let line = from; line <= to; line += 1) claimed.add(line);
  return source.slice(from - 1, to).join('\n');
}

const answeredAt = Date.parse('2026-03-10T08:30:00Z');

describe('the source of the protocol, line by line', () => {
  const folder = makeTemporaryDirectory();
  let now = answeredAt;
  let fake: FakeProvider;
  let gateway: TestGateway;
  let limiter: Limiter;

  before(async () => {
    fake = await startFakeProvider();
    const clock = { ...systemClock, now: () => now };
    await makeKeys(['your-api-key', 'api-key']);
    const usual = createMemoryLimiter(clock);
    limiter = usual;
    gateway = await startGateway({
      home: folder.path,
      parts: {
        clock,
        limiter: {
          reserve: (...given) => limiter.reserve(...given),
          peek: (...given) => limiter.peek(...given),
          hold: (...given) => limiter.hold(...given),
        },
      },
      environment: {
        OPENAI_API_KEY: 'sk-openai',
        OPENAI_BASE_URL: fake.openaiUrl,
        ANTHROPIC_API_KEY: 'sk-anthropic',
        ANTHROPIC_BASE_URL: fake.anthropicUrl,
      },
      settings: {
        channels: {
          telegram: { botToken: '1:a', webhookSecret: 'secret' },
          discord: { applicationId: '1', publicKey: 'a'.repeat(64), botToken: 'b' },
          slack: { signingSecret: 'secret', botToken: 'c' },
        },
      },
    });
    // Their first probes are over.
    const { status } = gateway.server.gateway;
    const connected = ['connected', 'connected'];
    for (;;) {
      const { openai, anthropic } = (await status.health()).providers;
      if (isDeepStrictEqual([openai, anthropic], connected)) break;
    }
  });
  after(async () => {
    await gateway.close();
    await fake.close();
    folder.remove();
  });

  /** The keys that the source types are not of our making, so they are put where ours are. */
  async function makeKeys(secrets: readonly string[]): Promise<void> {
    const parts = { clock: systemClock, log: createRecordingLog(), metrics: createRecordingMetrics() };
    const store = createSqliteStore({ directory: folder.path, recover: false, ...parts });
    await store.open(now);
    for (const secret of secrets) {
      const hashes = [{ hash: hash('sha256', secret) }];
      const id = `key_${secret.replaceAll('-', '')}`;
      const key = { id, name: secret, user: 'admin', prefix: 'your', scopes: ['admin' as const], limits: {}, hashes };
      await store.createKey({ ...key, createdAt: now });
    }
    await store.close();
  }

  const here = (text: string) =>
    text
      .replace('https://gateway.example.com', gateway.url)
      .replace('wss://gateway.example.com', gateway.url.replace('http', 'ws'));
  const key = 'your-api-key';
  const answerOfOpenAi = (content: string, usage: object) => ({
    body: JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: 'gpt-4o',
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage,
    }),
  });
  const streamOfOpenAi = (pieces: readonly string[], usage: object) => ({
    body: [
      ...pieces.map((content) => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      { choices: [], usage },
    ]
      .map(
        (chunk) =>
          `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'gpt-4o', ...chunk })}\n\n`,
      )
      .concat('data: [DONE]\n\n')
      .join(''),
  });

  describe('endpoints', () => {
    for (let line = 9; line <= 15; line += 1) {
      const [, method = '', path = ''] = /^(GET|POST) (\S+) /.exec(lines(line)) ?? [];
      it(lines(line), async () => {
        const isOpen = path === '/health';
        const asked = path.replace(':id', 'session-123');
        if (method === 'GET') {
          assert.equal((await gateway.request('GET', asked, { key: isOpen ? null : key })).status, 200);
          return;
        }
        const body =
          path === '/api/chat' ? { channel: 'api', message: '你好' } : { action: 'rename', title: '操作会话' };
        const chat = { channel: 'api', message: '你好', sessionId: 'session-123' };
        await gateway.request('POST', '/api/chat', { key, body: chat });
        assert.equal((await gateway.request('POST', asked, { key, body })).status, 200);
      });
    }
  });

  it('a request gets the answer below it, to the letter', async () => {
    const command = here(lines(18, 26));
    const answer: object = JSON.parse(lines(28, 41));
    fake.next(
      answerOfOpenAi('你好!有什么可以帮你的吗?', { prompt_tokens: 15, completion_tokens: 12, total_tokens: 27 }),
    );
    const { status, headers, text } = await runCurl(command);
    assert.equal(status, 200);
    assert.match(headers['content-type'] ?? '', /^application\/json/);
    assert.deepEqual(JSON.parse(text), answer);
  });

  it('too many requests get the error, to the letter', async () => {
    const error: object = JSON.parse(lines(43, 50));
    limiter = refusing(30_000);
    const { status, headers, text } = await runCurl(here(lines(18, 26)));
    limiter = createMemoryLimiter(systemClock);
    assert.equal(status, 429);
    assert.equal(headers['retry-after'], '30');
    assert.deepEqual(JSON.parse(text), error);
  });

  it('a request for a stream gets the events below it', async () => {
    const command = here(lines(53, 57));
    const wanted = lines(59, 66).split(/\n(?=event: )/);
    fake.next(streamOfOpenAi(['春', '风', '拂面'], { prompt_tokens: 20, completion_tokens: 30, total_tokens: 50 }));
    const { headers, text } = await runCurl(command);
    assert.equal(headers['content-type'], 'text/event-stream');
    const events = observeStream('2026-03-01', text);
    assert.equal(events.length, wanted.length);
    for (const [at, block] of wanted.entries()) {
      const [, name, data = ''] = /^event: (\S+)\ndata: (.*)$/.exec(block) ?? [];
      assert.equal(events[at]?.name, name);
      assertHolds(events[at]?.data, JSON.parse(data));
    }
  });

  it('the script connects and is told who it is', async () => {
    const told = Promise.withResolvers<unknown>();
    const script = here(lines(69, 80)).replace('const ws', 'globalThis.ws');
    const context: { WebSocket: typeof WebSocket; console: object; ws?: WebSocket } = {
      WebSocket,
      console: { log: told.resolve },
    };
    runInNewContext(script, context);
    // It comes from the other context, where objects are of other kinds.
    assertHolds(JSON.parse(JSON.stringify(await told.promise)), { type: 'auth_ok', user: 'admin' });
    context.ws?.close();
  });

  it('frames get the frames below them', async () => {
    const open = await openSocket(gateway);
    open.send(lines(83));
    assertHolds(await open.next(), JSON.parse(lines(88)));

    fake.next(streamOfOpenAi(['部分'], { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }));
    open.send(lines(84));
    assertHolds(await open.next(), JSON.parse(lines(90)));
    assertHolds(await open.next(), JSON.parse(lines(91)));

    open.send(lines(85));
    assertHolds(await open.next(), JSON.parse(lines(92)));

    open.send(lines(86));
    assertHolds(await open.next(), { type: 'subscribed', events: ['message', 'status'] });
    // From now on it hears what is said elsewhere, as whole messages.
    fake.next(answerOfOpenAi('你好!', { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }));
    await gateway.request('POST', '/api/chat', { key, body: { channel: 'api', message: '你好', sessionId: 's1' } });
    assertHolds(await open.next('message'), { type: 'message', content: '你好', sessionId: 's1' });
    assertHolds(await open.next('message'), JSON.parse(lines(89)));

    await gateway.request('POST', '/api/sessions/s1', { key, body: { action: 'close' } });
    open.send(lines(84));
    const { message, ...error } = await open.next('error');
    const { message: _, ...wanted }: Record<string, unknown> = JSON.parse(lines(93));
    assertHolds(error, wanted);
    assert.equal(typeof message, 'string');
    await open.close();
  });

  it('a whole message answers one that asks for no stream', async () => {
    const open = await openSocket(gateway);
    open.send(lines(83));
    await open.next('auth_ok');
    fake.next(answerOfOpenAi('你好!', { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }));
    open.send({ type: 'message', channel: 'api', content: '你好', sessionId: 's2', stream: false });
    assertHolds(await open.next(), { type: 'message', content: '你好!', sessionId: 's2' });
    assertHolds(await open.next(), { type: 'done', sessionId: 's2', usage: {} });
    await open.close();
  });

  for (const line of [96, 97, 98]) {
    it(`${lines(line)}, without a signature`, async () => {
      const { status } = await gateway.request('POST', pathIn(lines(line)), { key: null, body: {} });
      assert.equal(status, 401);
    });
  }

  it('the settings of webhooks are a valid file as they stand', () => {
    const own = makeTemporaryDirectory();
    writeFileSync(join(own.path, 'gateway.json5'), lines(100, 108));
    const config = loadConfig({ GATEWAY_HOME: own.path });
    own.remove();
    assert.deepEqual(config.webhooks, JSON.parse(lines(100, 108)).gateway.webhooks);
  });

  it('health', async () => {
    const { body } = await gateway.request('GET', pathIn(lines(111)), { key: null });
    assert.deepEqual(body, JSON.parse(lines(112).replace('# 返回: ', '')));
  });

  it('health in detail', async () => {
    const wanted = JSON.parse(lines(115, 132).replace('# 返回:', ''));
    now = answeredAt + wanted.uptime * 1000;
    const { body } = await gateway.request('GET', pathIn(lines(114)), { key });
    now = answeredAt;
    const { version, memory, ...rest } = wanted;
    assertHolds(body, rest);
    assert.match(body.version, /^\d+\.\d+\.\d+$/);
    assert.match(version, /^\d+\.\d+\.\d+$/);
    for (const name of Object.keys(memory)) assert.match(body.memory[name], /^\d+MB$/, name);
    lines(110);
    lines(113);
  });

  it('versions in the path, and in a header', async () => {
    const [v1 = '', v2 = ''] = [lines(135), lines(136)].map((line) => line.split(' ')[0] ?? '');
    const old = await gateway.request('POST', v1, { key, body: { channel: 'api', message: '你好' } });
    assert.equal(old.headers['x-api-version'], '2026-03-01');
    const input = [{ type: 'text', text: '你好' }];
    const newest = await gateway.request('POST', v2, { key, body: { input } });
    assert.equal(newest.headers['x-api-version'], '2026-11-01');
    const [name = '', date = ''] = lines(138).split(': ');
    const headers = { [name]: date };
    const named = await gateway.request('POST', '/api/chat', {
      key,
      headers,
      body: { channel: 'api', message: '你好' },
    });
    assert.equal(named.headers['x-api-version'], date);
    assert.equal(named.body.success, true);
  });

  it('limits in headers, to the letter', async () => {
    const wanted = lines(141, 143)
      .split('\n')
      .map((line) => line.split(': '));
    const [limit = 0, remaining = 0, reset = 0] = wanted.map(([, value]) => Number(value));
    const state = { limit, remaining, resetAt: reset * 1000 };
    const hold = () => ({ granted: true, release() {} });
    limiter = { reserve: () => ({ ...state, granted: true, settle() {} }), peek: () => state, hold };
    const { headers } = await gateway.request('GET', '/api/models', { key });
    limiter = createMemoryLimiter(systemClock);
    for (const [name = '', value] of wanted) assert.equal(headers[name.toLowerCase()], value);
  });

  it('and nothing of it is left', () => {
    const typed = /^(GET|POST|curl|-[A-Z]|["{}]|event:|data:|const |ws\.|type:|token:|console|\/\/|\/api|X-|#)/;
    const left = source.flatMap((line, at) => (typed.test(line) && !claimed.has(at + 1) ? [`${at + 1}: ${line}`] : []));
    assert.deepEqual(left, []);
  });
});

function pathIn(line: string): string {
  return line.split(' ')[1] ?? '';
}

function refusing(waitMs: number): Limiter {
  const state = { limit: 100, remaining: 0, resetAt: answeredAt + waitMs };
  const hold = () => ({ granted: false, release() {} });
  return { reserve: () => ({ ...state, granted: false, settle() {} }), peek: () => state, hold };
}

/** All that stands in `wanted`, to any depth; more may stand beside it. */
function assertHolds(got: unknown, wanted: unknown, place = ''): void {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) {
    assert.deepEqual(got, wanted, `at ${place || 'the top'} of ${JSON.stringify(got)}`);
    return;
  }
  assert.ok(typeof got === 'object' && got !== null, `${place || 'it'} is ${JSON.stringify(got)}`);
  for (const [name, below] of Object.entries(wanted)) assertHolds(Reflect.get(got, name), below, `${place}/${name}`);
}
