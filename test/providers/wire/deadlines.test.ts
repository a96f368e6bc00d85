import assert from 'node:assert/strict';
import { ProviderError } from '../../../src/core/errors.ts';
import { type Behaviour, type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { steady, until } from '../../support/until.ts';
import { callOf, gather, textIn, wireOptions, wires } from '../wires.ts';

const never = new AbortController().signal;
const deadlines = { connectMs: 1000, firstChunkMs: 5000, idleMs: 2000, totalMs: 60_000 };
/** How late a deadline may be seen. */
const SWEEP = 100;

for (const { name, create } of wires) {
  describe(`deadlines on the ${name} wire`, () => {
    let fake: FakeProvider;
    let clock: HandClock;
    beforeEach(async () => {
      fake = await startFakeProvider();
      clock = new HandClock();
    });
    afterEach(() => fake.close());

    const rows: [title: string, behaviour: Behaviour, stream: boolean, allowed: number, says: RegExp][] = [
      ['the head of a stream', { hangAt: -1 }, true, deadlines.firstChunkMs, /first chunk/],
      ['the head of a whole answer', { hangAt: -1 }, false, deadlines.firstChunkMs, /first chunk/],
      ['the first event', { hangAt: 0 }, true, deadlines.firstChunkMs, /first chunk/],
      ['the first event, while comments come', { body: ': wait\n\n: wait\n\n', hangAt: 16 }, true, 5000, /first chunk/],
      ['the body of a whole answer', { hangAt: 0 }, false, deadlines.idleMs, /next chunk/],
      ['the rest of a whole answer', { hangAt: 50 }, false, deadlines.idleMs, /next chunk/],
      ['the body of an error answer', { status: 500, hangAt: 0 }, false, deadlines.idleMs, /next chunk/],
      ['the rest of an error answer', { status: 500, hangAt: 10 }, true, deadlines.idleMs, /next chunk/],
    ];
    for (const [title, behaviour, stream, allowed, says] of rows)
      it(`gives up waiting for ${title}`, async () => {
        const provider = create(wireOptions(fake, { clock, deadlines }));
        fake.next({
          contentType: stream && !behaviour.status ? 'text/event-stream' : 'application/json',
          ...behaviour,
        });
        const ended: unknown[] = [];
        const answer = gather(provider.call(callOf('hello', { stream }), never)).then(({ error }) => ended.push(error));
        const request = await fake.received(1);
        await until(() => request.sentBytes >= (behaviour.hangAt ?? 0));
        await settled();
        clock.advance(allowed - 1);
        await settled();
        assert.deepEqual(ended, [], 'gave up too early');
        clock.advance(SWEEP + 1);
        await answer;
        assertTimeout(ended[0], says);
        assert.ok((await request.closed).aborted);
        await provider.close();
      });

    it('gives up waiting for the next event, and delivers those before', async () => {
      const provider = create(wireOptions(fake, { clock, deadlines }));
      const text = 'one two three four five six seven eight';
      const whole = await gather(provider.call(callOf(text), never));
      fake.next({ hangAt: (fake.requests[0]?.sentBytes ?? 0) / 2 });
      const answer = provider.call(callOf(text), never)[Symbol.asyncIterator]();
      const { value } = await answer.next();
      assert.ok(textIn(whole.events).startsWith(textIn(value)));
      const next = answer.next();
      await settled();
      clock.advance(deadlines.idleMs + SWEEP);
      await assert.rejects(readOn(answer, next), (error) => assertTimeout(error, /next chunk/));
      assert.ok((await fake.received(2)).closed.then(({ aborted }) => aborted));
      await provider.close();
    });

    it('gives up waiting for a socket, and never sends the request then', async () => {
      const provider = create(wireOptions(fake, { clock, deadlines, connections: 1 }));
      fake.next({ hangAt: -1 });
      const abort = new AbortController();
      const first = gather(provider.call(callOf('hello'), abort.signal));
      await fake.received(1);
      const second = gather(provider.call(callOf('hello'), never));
      await settled();
      clock.advance(deadlines.connectMs + SWEEP);
      assertTimeout((await second).error, /connection/);
      abort.abort();
      await first;
      assert.equal((await gather(provider.call(callOf('third'), never))).error, undefined);
      assert.deepEqual(
        fake.requests.map(({ body }) => JSON.stringify(body.messages).includes('third')),
        [false, true],
      );
      await provider.close();
    });

    it('gives up what takes too long as a whole', async () => {
      const provider = create(wireOptions(fake, { clock, deadlines }));
      const answer = provider.call(callOf('hello', { model: 'fake-c100000-i1' }), never)[Symbol.asyncIterator]();
      await assert.rejects(
        async () => {
          for (let n = 0; n < 1000; n++) {
            await answer.next();
            clock.advance(deadlines.idleMs / 2);
          }
        },
        (error) => assertTimeout(error, /end/),
      );
      assert.ok((await fake.received(1)).closed.then(({ aborted }) => aborted));
      await provider.close();
    });

    it('does not count the time in which nobody reads from us', async () => {
      const provider = create(wireOptions(fake, { clock, deadlines }));
      const answer = provider.call(callOf('hello', { model: 'fake-c40000' }), never)[Symbol.asyncIterator]();
      const events = (await answer.next()).value;
      const request = await fake.received(1);
      await until(() => request.stalled);
      await steady(() => request.sentBytes);
      clock.advance(deadlines.idleMs * 5);
      await settled();
      for (let batch = await answer.next(); !batch.done; batch = await answer.next()) events.push(...batch.value);
      assert.equal(events.at(-1)?.type, 'finish');
      assert.match(textIn(events), /^chunk 0 .*chunk 39999 $/s);
      await provider.close();
    });

    it('does not wait for an answer to end that has said its last word', async () => {
      const provider = create(wireOptions(fake, { clock, deadlines }));
      await gather(provider.call(callOf('hello world'), never));
      fake.next({ hangAt: fake.requests[0]?.sentBytes ?? 0 });
      const { events, error } = await gather(provider.call(callOf('hello world'), never));
      assert.equal(error, undefined);
      assert.equal(events.at(-1)?.type, 'finish');
      clock.advance(1000 + SWEEP);
      assert.ok((await (await fake.received(2)).closed).aborted, 'the socket stays open');
      await provider.close();
    });

    it('leaves no timer behind', async () => {
      const provider = create(wireOptions(fake, { clock, deadlines }));
      for (const stream of [true, false]) await gather(provider.call(callOf('hello world', { stream }), never));
      await provider.probe(never);
      await settled();
      clock.advance(SWEEP);
      assert.equal(clock.pending, 0);
      await provider.close();
    });
  });
}

function assertTimeout(error: unknown, says: RegExp): true {
  assert.ok(error instanceof ProviderError, String(error));
  assert.equal(error.kind, 'timeout');
  assert.match(error.message, says);
  return true;
}

async function readOn(answer: AsyncIterator<unknown>, next: Promise<IteratorResult<unknown>>): Promise<void> {
  for (let result = await next; !result.done; result = await answer.next());
}

/** Lets what is on its way over loopback arrive. */
async function settled(): Promise<void> {
  await steady(() => 0);
}
