import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { ProviderError, type ProviderFault } from '../../../src/core/errors.ts';
import type { Provider } from '../../../src/core/ports/provider.ts';
import { createAiSdkProvider } from '../../../src/providers/ai-sdk/index.ts';
import { type Behaviour, type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { until } from '../../support/until.ts';
import { callOf, gather, KEY } from '../wires.ts';
import { realOptions, realPackages } from './real-packages.ts';

const never = new AbortController().signal;

for (const real of realPackages) {
  describe(`what goes wrong with ${real.title}`, () => {
    let fake: FakeProvider;
    let provider: Provider;
    beforeEach(async () => {
      fake = await startFakeProvider();
      provider = await createAiSdkProvider(realOptions(real, fake));
    });
    afterEach(async () => {
      await provider.close();
      await fake.close();
    });

    const faults: [title: string, behaviour: Behaviour, kind: ProviderFault, more?: Partial<ProviderError>][] = [
      ['400', { status: 400 }, 'invalid_request'],
      ['401', { status: 401, message: `no such key: ${KEY}` }, 'unauthorized'],
      ['402', { status: 402 }, 'unauthorized'],
      ['404 in the vendor’s words', { status: 404, message: 'The model `x` does not exist' }, 'model_not_found'],
      ['404 from elsewhere', { status: 404, body: '{"detail":"Not Found"}' }, 'malformed'],
      ['408', { status: 408 }, 'timeout'],
      ['413', { status: 413 }, 'context_too_long'],
      ['429', { status: 429, headers: { 'retry-after': '2' } }, 'rate_limited', { retryAfterMs: 2000 }],
      [
        '500',
        { status: 500, headers: { 'retry-after-ms': '350', 'x-should-retry': 'false' } },
        'unavailable',
        { retryAfterMs: 350, shouldRetry: false },
      ],
      ['529', { status: 529 }, 'unavailable'],
      ['502 in HTML', { status: 502, body: '<html>', contentType: 'text/html' }, 'unavailable'],
      ['too long', { status: 400, message: 'prompt is too long: 9 tokens' }, 'context_too_long'],
      [
        'a refused parameter',
        { status: 400, message: 'temperature: Extra inputs are not permitted' },
        'unsupported_parameter',
        { parameter: 'temperature' },
      ],
      ['HTML', { body: '<html>', contentType: 'text/html' }, 'malformed'],
      ['a body that ends too early', { endAt: 300 }, 'malformed'],
      ['a broken connection', { cutAt: 200 }, 'unavailable'],
    ];
    for (const [title, behaviour, kind, more] of faults)
      for (const stream of [true, false])
        it(`reads ${title}, ${stream ? 'stream' : 'whole'}`, async () => {
          fake.next(behaviour);
          const { error } = await gather(provider.call(callOf('hello there '.repeat(30), { stream }), never));
          assertFault(error, kind, more);
          assert.ok(!inspect(error, { depth: 9 }).includes(KEY), 'the key is in the error');
        });

    it('reads an error inside a stream, and delivers what came before', async () => {
      fake.next({ errorInside: true, code: real.words.rateLimited });
      const { events, error } = await gather(provider.call(callOf('one two three four five six'), never));
      assertFault(error, 'rate_limited');
      assert.ok(events.every(({ type }) => type === 'text'));
    });

    it('is unavailable when nobody is there, and lives again when somebody answers', async () => {
      fake.next({ status: 503 });
      await gather(provider.call(callOf('hello'), never));
      await assert.rejects(provider.probe(never), { kind: 'unavailable' });
      await gather(provider.call(callOf('hello'), never));
      await provider.probe(never);
      await fake.close();
      assertFault((await gather(provider.call(callOf('hello'), never))).error, 'unavailable');
      fake = await startFakeProvider();
    });

    const moments: [title: string, behaviour: Behaviour, stream: boolean][] = [
      ['before the head', { hangAt: -1 }, true],
      ['before the first chunk', { hangAt: 0 }, true],
      ['in the midst of a stream', { hangAt: 900 }, true],
      ['before a whole answer', { hangAt: -1 }, false],
      ['in the midst of a whole answer', { hangAt: 50 }, false],
    ];
    for (const [title, behaviour, stream] of moments)
      it(`cuts the vendor's answer within 100 ms of an abort ${title}`, async () => {
        fake.next(behaviour);
        const abort = new AbortController();
        const answer = gather(provider.call(callOf('and so on '.repeat(50), { stream }), abort.signal));
        const request = await fake.received(1);
        await until(() => request.sentBytes >= Math.max(0, behaviour.hangAt ?? 0));
        const reason = new Error('gone');
        const at = performance.now();
        abort.abort(reason);
        assert.equal((await answer).error, reason);
        const closed = await request.closed;
        assert.ok(closed.aborted && closed.at - at < 100, `${closed.at - at} ms`);
      });

    it('cuts the answer when its reader leaves', async () => {
      const answer = provider.call(callOf('hello', { model: 'fake-c500-i5' }), never)[Symbol.asyncIterator]();
      await answer.next();
      await answer.return?.();
      assert.ok((await fake.requests[0]?.closed)?.aborted);
    });
  });
}

function assertFault(error: unknown, kind: ProviderFault, more: Partial<ProviderError> = {}): void {
  assert.ok(error instanceof ProviderError, String(error));
  const { retryAfterMs, shouldRetry, parameter } = error;
  assert.deepEqual(
    { kind: error.kind, retryAfterMs, shouldRetry, parameter },
    { kind, retryAfterMs: undefined, shouldRetry: undefined, parameter: undefined, ...more },
  );
}
