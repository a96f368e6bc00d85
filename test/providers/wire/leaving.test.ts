import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { ProviderError } from '../../../src/core/errors.ts';
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { steady, until } from '../../support/until.ts';
import { callOf, gather, textIn, transcripts, wireOptions, wires } from '../wires.ts';

const never = new AbortController().signal;

for (const { name, create } of wires) {
  describe(`leaving and being left on the ${name} wire`, () => {
    let fake: FakeProvider;
    beforeEach(async () => {
      fake = await startFakeProvider();
    });
    afterEach(() => fake.close());

    for (const [title, model, stream] of [
      ['before the head of a stream', 'fake-h', true],
      ['before the head of a whole answer', 'fake-h', false],
      ['in the middle of a stream', 'fake-c3-h400', true],
      ['in the middle of a whole answer', 'fake-h50', false],
    ] as const)
      it(`cuts the upstream within 100 ms of an abort ${title}`, async () => {
        const provider = create(wireOptions(fake));
        const abort = new AbortController();
        const reason = new Error('gone');
        if (model === 'fake-h') fake.next({ hangAt: -1 });
        const answer = gather(provider.call(callOf('hello', { model, stream }), abort.signal));
        const request = await fake.received(1);
        await until(() => model === 'fake-h' || request.sentBytes > 0);
        const left = performance.now();
        abort.abort(reason);
        assert.equal((await answer).error, reason);
        const { aborted, at } = await request.closed;
        assert.ok(aborted);
        assert.ok(at - left <= 100, `cut after ${at - left} ms`);
        assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
        await until(() => fake.sockets === 0);
        await provider.close();
      });

    it('cuts the upstream when the reader stops', async () => {
      const provider = create(wireOptions(fake));
      for await (const _batch of provider.call(callOf('hello', { model: 'fake-c1000-i5' }), never)) break;
      const request = await fake.received(1);
      assert.ok((await request.closed).aborted);
      await provider.close();
    });

    for (const [title, behaviour] of [
      ['that is on its way', { chunks: 50, hangAt: 2000 }],
      ['that is whole', { chunks: 50, chunkMs: 0 }],
    ] as const)
      it(`delivers nothing after an abort of an answer ${title}`, async () => {
        const provider = create(wireOptions(fake));
        const abort = new AbortController();
        fake.next(behaviour);
        const answer = provider.call(callOf('hello'), abort.signal)[Symbol.asyncIterator]();
        await answer.next();
        const request = await fake.received(1);
        if (title === 'that is whole') await request.closed;
        await steady(() => request.sentBytes);
        abort.abort(new Error('gone'));
        await assert.rejects(answer.next(), /gone/);
        assert.deepEqual(await answer.next(), { done: true, value: undefined });
        await provider.close();
      });

    it('leaves nothing open after 1,000 aborts', async () => {
      const clock = new HandClock();
      const provider = create(wireOptions(fake, { clock }));
      for (let round = 0; round < 20; round++) {
        const calls = Array.from({ length: 50 }, async (_, n) => {
          const abort = new AbortController();
          const model = n % 2 === 0 ? 'fake-c3-h400' : 'fake-c3-h0';
          const answer = provider.call(callOf('hello', { model, stream: n % 3 !== 0 }), abort.signal);
          const result = gather(answer);
          await fake.received(round * 50 + n + 1);
          abort.abort(new Error('gone'));
          assert.match(String((await result).error), /gone/);
          assert.equal(getEventListeners(abort.signal, 'abort').length, 0);
        });
        await Promise.all(calls);
      }
      assert.equal(fake.requests.length, 1000);
      await until(() => fake.sockets === 0);
      clock.advance(1000);
      assert.equal(clock.pending, 0, 'a deadline is still watched');
      await provider.close();
    });

    it('uses the socket of an answer that ended by itself again', async () => {
      const provider = create(wireOptions(fake));
      for (let n = 0; n < 20; n++) await gather(provider.call(callOf('hello world', { stream: n % 2 === 0 }), never));
      // The next call may begin before the last bytes of the one before have come: the two take turns then.
      assert.ok(fake.sockets <= 2);
      await provider.close();
      await until(() => fake.sockets === 0);
    });

    it('lets running calls end when it is closed, and takes no more', async () => {
      const provider = create(wireOptions(fake));
      const running = gather(provider.call(callOf('hello', { model: 'fake-c20-i2' }), never));
      await fake.received(1);
      const closed = provider.close();
      assert.equal((await running).error, undefined);
      await closed;
      const { error } = await gather(provider.call(callOf('hello'), never));
      assert.ok(error instanceof ProviderError && error.kind === 'unavailable');
      assert.equal(fake.requests.length, 1);
    });

    for (const [title, bytes] of transcripts(name)) {
      if (title.startsWith('error') || bytes.includes('\r')) continue;
      it(`${title}: broken off at any byte, it is an error and no finish`, async () => {
        const provider = create(wireOptions(fake, { connections: 16 }));
        const whole = decodeText(await broken(Number.POSITIVE_INFINITY));
        // Every byte of a short transcript; of a long one every place where an event or a line begins, and between.
        const step = bytes.length > 1200 ? 13 : 1;
        const cuts = Array.from({ length: Math.ceil(bytes.length / step) }, (_, n) => n * step);
        const end = bytes.indexOf('data: [DONE]') === -1 ? bytes.length : bytes.indexOf('data: [DONE]');
        await Promise.all(
          cuts.map(async (cutAt) => {
            const { events, error } = await broken(cutAt);
            assert.ok(whole.startsWith(decodeText({ events })));
            assert.ok(error instanceof ProviderError, `no error when cut at ${cutAt} of ${end}`);
            assert.equal(error.kind, 'unavailable');
            assert.ok(events.every((event) => event.type !== 'finish'));
          }),
        );
        await provider.close();

        function broken(cutAt: number) {
          fake.next(cutAt === Number.POSITIVE_INFINITY ? { body: bytes } : { body: bytes, cutAt });
          return gather(provider.call(callOf('hello'), never));
        }
      });
    }
  });
}

function decodeText({ events }: { events: Parameters<typeof textIn>[0] }): string {
  return textIn(events);
}
