/** Providers that fail, stutter or talk nonsense, on both wires: the client gets the documented error and nobody else a thing. */
import assert from 'node:assert/strict';
import { type Behaviour, type FakeProvider, startFakeProvider } from '../support/fake-provider.ts';
import { enterSocket } from '../support/open-socket.ts';
import { type OpenStream, openStream } from '../support/open-stream.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

const secret = 'words-of-the-provider';

/** What it does, and the status and code of it before the first piece. */
const faults: Record<string, [behaviour: Behaviour, answer: string]> = {
  'a page instead of an answer': [{ body: `<html>${secret}</html>`, contentType: 'text/html' }, '502 PROVIDER_ERROR'],
  'JSON of another kind': [{ body: `{"hello":"${secret}"}` }, '502 PROVIDER_ERROR'],
  'bytes that are not UTF-8': [{ body: Buffer.from([0xff, 0xfe, 0x00, 0x7b]) }, '502 PROVIDER_ERROR'],
  'JSON nested 40,000 deep': [{ body: '['.repeat(40_000) }, '502 PROVIDER_ERROR'],
  'nothing at all': [{ body: '' }, '502 PROVIDER_ERROR'],
  'an answer that breaks off': [{ cutAt: 20 }, '503 PROVIDER_UNAVAILABLE'],
  'an answer that ends too early': [{ endAt: 20 }, '502 PROVIDER_ERROR'],
  silence: [{ hangAt: -1 }, '504 PROVIDER_TIMEOUT'],
  'a wrong key': [{ status: 401, message: secret }, '502 PROVIDER_ERROR'],
  'too many requests': [{ status: 429, message: secret, headers: { 'retry-after': '7' } }, '503 PROVIDER_UNAVAILABLE'],
  'a failure of its own': [{ status: 500, message: secret }, '503 PROVIDER_UNAVAILABLE'],
  'a page about its failure': [{ status: 503, body: `<html>${secret}</html>` }, '503 PROVIDER_UNAVAILABLE'],
  'a refused request': [{ status: 400, message: secret }, '400 INVALID_REQUEST'],
};

/** A name for each request: a model that failed or asked for a pause is left alone for a while. */
const names = Object.keys(faults);
const modelOf = (usual: string, fault: string, way: 'whole' | 'stream' | 'socket') =>
  `${usual}-${fault === 'silence' ? 'in-haste' : names.indexOf(fault)}-${way}`;
const modelsOf = (usual: string, isHasty: boolean) =>
  names
    .filter((fault) => (fault === 'silence') === isHasty)
    .flatMap((fault) => (['whole', 'stream', 'socket'] as const).map((way) => modelOf(usual, fault, way)));

describe('providers that fail', () => {
  let fake: FakeProvider;
  let gateway: TestGateway;
  let bystander: OpenStream;

  before(async () => {
    fake = await startFakeProvider();
    const deadlines = { firstChunk: 200 };
    gateway = await startGateway({
      settings: {
        providers: {
          openai: { baseUrl: fake.openaiUrl, apiKey: 'sk-a', models: ['gpt-4o', ...modelsOf('gpt-4o', false)] },
          anthropic: { baseUrl: fake.anthropicUrl, apiKey: 'sk-b', models: ['claude', ...modelsOf('claude', false)] },
          'hasty-openai': { type: 'openai', baseUrl: fake.openaiUrl, models: modelsOf('gpt-4o', true), deadlines },
          'hasty-anthropic': {
            type: 'anthropic',
            baseUrl: fake.anthropicUrl,
            apiKey: 'sk-b',
            models: modelsOf('claude', true),
            deadlines,
          },
          steady: { type: 'openai', baseUrl: fake.openaiUrl, models: ['fake-c100000-i20'] },
        },
      },
    });
    const body = { channel: 'api', message: 'hello', model: 'fake-c100000-i20', stream: true };
    bystander = await openStream(gateway, '/api/chat', { body });
  });
  after(async () => {
    const seen = bystander.events.length;
    await bystander.next();
    assert.ok(bystander.events.length >= seen && seen > 1, 'the stream beside them went on');
    bystander.leave();
    await gateway.close();
    await fake.close();
  });

  for (const usual of ['gpt-4o', 'claude']) {
    for (const [name, [behaviour, wanted]] of Object.entries(faults)) {
      it(`${usual}: ${name} → ${wanted}`, async () => {
        for (const stream of [false, true]) {
          fake.next(behaviour);
          const model = modelOf(usual, name, stream ? 'stream' : 'whole');
          const body = { channel: 'api', message: 'hello', model, stream };
          const { status, text, headers } = await gateway.request('POST', '/api/chat', { body });
          assert.equal(`${status} ${/"code":"(\w+)"/.exec(text)?.[1]}`, wanted, `stream: ${stream}, ${text}`);
          assert.ok(!text.includes(secret), text);
          if (name === 'too many requests') assert.equal(headers['retry-after'], '7');
        }
        fake.next(behaviour);
        const open = await enterSocket(gateway);
        open.send({ type: 'message', channel: 'api', content: 'hello', model: modelOf(usual, name, 'socket') });
        const [frame, ...more] = await open.answer();
        assert.deepEqual([frame?.type, frame?.code, more.length], ['error', wanted.split(' ')[1], 0]);
        await open.close();
      });
    }

    for (const [name, behaviour] of Object.entries<Behaviour>({
      'breaks off': { text: 'one two three four five six', cutAt: 900 },
      'ends without its end': { text: 'one two three four five six', endAt: 900 },
      'reports an error': { text: 'one two three four five six', errorInside: true },
    })) {
      it(`${usual}: a stream that ${name} after its first piece ends with an error event`, async () => {
        fake.next(behaviour);
        const body = { channel: 'api', message: 'hello', model: usual, stream: true };
        const stream = await openStream(gateway, '/api/chat', { body });
        const events = await stream.all();
        assert.equal(events[0]?.data.type, 'chunk');
        assert.equal(events.at(-1)?.data.type, 'error');
        assert.match(String(events.at(-1)?.data.code), /^PROVIDER_(ERROR|UNAVAILABLE)$/);
      });
    }
  }
});
