import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { inspect } from 'node:util';
import { ProviderError, type ProviderFault } from '../../../src/core/errors.ts';
import { type Behaviour, type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { callOf, gather, KEY, textIn, transcripts, type Wire, wholeAnswer, wireOptions, wires } from '../wires.ts';

type Row = [
  title: string,
  behaviour: Behaviour,
  kind: ProviderFault,
  more?: Partial<Pick<ProviderError, 'retryAfterMs' | 'shouldRetry' | 'parameter'>>,
];

const nothingMore: Pick<ProviderError, 'retryAfterMs' | 'shouldRetry' | 'parameter'> = {
  retryAfterMs: undefined,
  shouldRetry: undefined,
  parameter: undefined,
};

/** What is the same on both wires. */
const common: Row[] = [
  ['429', { status: 429 }, 'rate_limited'],
  ['429 with seconds', { status: 429, headers: { 'retry-after': '2' } }, 'rate_limited', { retryAfterMs: 2000 }],
  [
    '429 with milliseconds, which go before seconds',
    { status: 429, headers: { 'retry-after': '2', 'retry-after-ms': '350.5' } },
    'rate_limited',
    { retryAfterMs: 350.5 },
  ],
  [
    '429 that is not to be retried',
    { status: 429, headers: { 'x-should-retry': 'false' } },
    'rate_limited',
    { shouldRetry: false },
  ],
  ['500 to be retried', { status: 500, headers: { 'x-should-retry': 'true' } }, 'unavailable', { shouldRetry: true }],
  ['503 with seconds', { status: 503, headers: { 'retry-after': '1' } }, 'unavailable', { retryAfterMs: 1000 }],
  ['502 in HTML', { status: 502, body: '<html>', contentType: 'text/html' }, 'unavailable'],
  ['529', { status: 529 }, 'unavailable'],
  ['401', { status: 401, body: `{"no":"${KEY}"}` }, 'unauthorized'],
  ['402', { status: 402, body: '' }, 'unauthorized'],
  ['403', { status: 403, body: '{}' }, 'unauthorized'],
  ['404 that is not of the wire', { status: 404, body: '{"detail":"Not Found"}' }, 'malformed'],
  ['404 in HTML', { status: 404, body: '<html>', contentType: 'text/html' }, 'malformed'],
  ['408', { status: 408, body: '' }, 'timeout'],
  ['409', { status: 409, body: '' }, 'unavailable'],
  ['504', { status: 504, body: '' }, 'timeout'],
  ['a redirect, which is not followed', { status: 307, headers: { location: '/v1/models' }, body: '' }, 'malformed'],
  ['an error answer without end', { status: 500, body: 'x'.repeat(300_000) }, 'unavailable'],
  ['HTML', { body: '<html>', contentType: 'text/html' }, 'malformed'],
  ['an empty body', { body: '' }, 'malformed'],
  ['JSON that is cut', { body: '{"choices":[{', contentType: 'application/json' }, 'malformed'],
  ['JSON of another shape', { body: '{"hello":1}', contentType: 'application/json' }, 'malformed'],
  ['a list', { body: '[]', contentType: 'application/json' }, 'malformed'],
  ['a broken connection', { cutAt: 20 }, 'unavailable'],
  ['a connection broken before the head', { hangAt: -1 }, 'unavailable'],
];

const perWire: Record<Wire['name'], Row[]> = {
  openai: [
    ['429 for want of money', { status: 429, code: 'insufficient_quota' }, 'rate_limited', { shouldRetry: false }],
    ['404 for a model', { status: 404, code: 'model_not_found' }, 'model_not_found'],
    ['400', { status: 400 }, 'invalid_request'],
    ['422', { status: 422, code: 'x' }, 'invalid_request'],
    ['400 for length, by code', { status: 400, code: 'context_length_exceeded' }, 'context_too_long'],
    [
      '400 for a parameter, by code',
      { status: 400, code: 'unsupported_parameter', param: 'max_tokens' },
      'unsupported_parameter',
      { parameter: 'maxOutputTokens' },
    ],
    ['an error inside', { errorInside: true, code: 'rate_limit_exceeded' }, 'rate_limited'],
    ['an error inside that says nothing more', { errorInside: true }, 'unavailable'],
  ],
  anthropic: [
    ['529 overloaded', { status: 529, code: 'overloaded_error' }, 'unavailable'],
    ['404 for a model', { status: 404, code: 'not_found_error' }, 'model_not_found'],
    ['400', { status: 400 }, 'invalid_request'],
    ['400 for length', { status: 400, message: 'prompt is too long: 9 tokens > 8 maximum' }, 'context_too_long'],
    ['413', { status: 413, code: 'request_too_large' }, 'context_too_long'],
    [
      '400 for a parameter',
      { status: 400, message: '`temperature` is deprecated for this model.' },
      'unsupported_parameter',
      { parameter: 'temperature' },
    ],
    ['an error inside', { errorInside: true, code: 'rate_limit_error' }, 'rate_limited'],
    ['overload inside', { errorInside: true, code: 'overloaded_error' }, 'unavailable'],
  ],
};

for (const { name, create } of wires) {
  describe(`errors of the ${name} wire`, () => {
    let fake: FakeProvider;
    before(async () => {
      fake = await startFakeProvider();
    });
    after(() => fake.close());

    for (const [title, behaviour, kind, more = {}] of [...common, ...perWire[name]])
      for (const stream of [true, false])
        it(`${title} is ${kind}, ${stream ? 'stream' : 'whole'}`, async () => {
          const provider = create(wireOptions(fake));
          const count = fake.requests.length;
          fake.next(behaviour);
          const answer = gather(provider.call(callOf('a question of one or two words', { stream }), never));
          if (behaviour.hangAt === -1) await breakOff(fake, count + 1);
          const { events, error } = await answer;
          assert.ok(error instanceof ProviderError, inspect(error));
          assert.equal(error.kind, kind);
          const { retryAfterMs, shouldRetry, parameter } = error;
          assert.deepEqual({ retryAfterMs, shouldRetry, parameter }, { ...nothingMore, ...more });
          assert.ok(events.every((event) => event.type !== 'finish'));
          assert.ok(!inspect(error, { depth: 9 }).includes(KEY), 'the key is in the error');
          assert.equal(fake.requests.length, count + 1, 'asked more than once');
          await provider.close();
        });

    it('delivers what came before an error, also what came in the same read', async () => {
      const provider = create(wireOptions(fake));
      fake.next({ body: transcripts(name).get('error-mid-stream') ?? '' });
      const { events, error } = await gather(provider.call(callOf('hello'), never));
      assert.ok(error instanceof ProviderError && error.kind === 'unavailable');
      assert.equal(textIn(events), 'Half a');
      await provider.close();
    });

    it('does not wait for the end of a long error answer', async () => {
      const provider = create(wireOptions(fake, { clock: new HandClock() }));
      fake.next({ status: 500, body: 'x'.repeat(300_000), hangAt: 200_000 });
      const { error } = await gather(provider.call(callOf('hello'), never));
      assert.ok(error instanceof ProviderError && error.kind === 'unavailable');
      assert.ok((await fake.requests.at(-1)?.closed)?.aborted);
      await provider.close();
    });

    it('tells the operator what was said, and nobody else', async () => {
      const provider = create(wireOptions(fake));
      fake.next({ status: 400, message: `secret word, ${KEY}` });
      const { error } = await gather(provider.call(callOf('hello'), never));
      assert.ok(error instanceof ProviderError && error.cause instanceof Error);
      assert.doesNotMatch(error.message, /secret word/);
      assert.match(error.cause.message, /400 .*secret word, \[key\]/);
      await provider.close();
    });

    it('reads a date in Retry-After', async () => {
      const provider = create(wireOptions(fake));
      fake.next({ status: 429, headers: { 'retry-after': new Date(Date.now() + 60_000).toUTCString() } });
      const { error } = await gather(provider.call(callOf('hello'), never));
      assert.ok(error instanceof ProviderError && error.retryAfterMs);
      assert.ok(error.retryAfterMs > 50_000 && error.retryAfterMs <= 60_000);
      await provider.close();
    });

    it('reads an answer behind an informational one', async () => {
      const server = createHttpServer((_req, res) => {
        res.writeEarlyHints({ link: '</style.css>; rel=preload' });
        res.setHeader('content-type', 'application/json');
        res.end(JSON.stringify(wholeAnswer(name, 'text')));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const provider = create(wireOptions({ openaiUrl: urlOf(server) }));
      const { events, error } = await gather(provider.call(callOf('hello', { stream: false }), never));
      assert.equal(error, undefined);
      assert.match(textIn(events), /^Grüße/);
      await provider.close();
      server.close();
    });

    it('is unavailable where nobody listens', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const openaiUrl = urlOf(server);
      server.close();
      await once(server, 'close');
      const provider = create(wireOptions({ openaiUrl }));
      for (const stream of [true, false]) {
        const { error } = await gather(provider.call(callOf('hello', { stream }), never));
        assert.ok(error instanceof ProviderError && error.kind === 'unavailable');
      }
      await assert.rejects(provider.probe(never), { kind: 'unavailable' });
      await provider.close();
    });

    it('is malformed where something else than HTTP is spoken', async () => {
      const server = createServer((socket) => socket.end('220 mail.example ESMTP\r\n')).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const openaiUrl = urlOf(server);
      const provider = create(wireOptions({ openaiUrl }));
      const { error } = await gather(provider.call(callOf('hello'), never));
      assert.ok(error instanceof ProviderError && error.kind === 'malformed', inspect(error));
      server.close();
      await provider.close();
    });

    for (const stream of [true, false])
      it(`refuses an answer longer than allowed, ${stream ? 'stream' : 'whole'}`, async () => {
        const provider = create(wireOptions(fake, { maxAnswerBytes: 1000 }));
        const good = await gather(provider.call(callOf('x '.repeat(200), { stream }), never));
        assert.equal(good.error, undefined);
        const { error } = await gather(provider.call(callOf('x '.repeat(600), { stream }), never));
        assert.ok(error instanceof ProviderError && error.kind === 'malformed');
        const request = fake.requests.at(-1);
        await request?.closed;
        await provider.close();
      });

    it('reads a whole answer where a stream was asked for', async () => {
      const provider = create(wireOptions(fake));
      const { batches } = await gather(provider.call(callOf('whole', { stream: false }), never));
      fake.next({ body: JSON.stringify(await lastAnswer(fake, name)), contentType: 'application/json' });
      assert.deepEqual((await gather(provider.call(callOf('whole'), never))).batches, batches);
      await provider.close();
    });

    for (const [status, alive] of [
      [200, true],
      [404, true],
      [405, true],
      [401, false],
      [429, false],
      [500, false],
      [301, false],
    ] as const)
      it(`${alive ? 'lives' : 'does not live'} by a probe's ${status}`, async () => {
        const provider = create(wireOptions(fake));
        fake.nextList({ status });
        if (alive) await provider.probe(never);
        else await assert.rejects(provider.probe(never), { name: 'ProviderError' });
        await provider.close();
      });
  });
}

const never = new AbortController().signal;

function urlOf(server: Server): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1`;
}

async function breakOff(fake: FakeProvider, count: number): Promise<void> {
  const request = await fake.received(count);
  request.breakOff();
}

/** What the fake says to the request it got last. */
async function lastAnswer(fake: FakeProvider, wire: Wire['name']): Promise<unknown> {
  const path = wire === 'openai' ? '/chat/completions' : '/messages';
  const body = JSON.stringify(fake.requests.at(-1)?.body);
  return (await fetch(`${fake.openaiUrl}${path}`, { method: 'POST', body })).json();
}
