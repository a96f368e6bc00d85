import assert from 'node:assert/strict';
import { ProviderError, type ProviderErrorOptions, type ProviderFault } from '../../../src/core/errors.ts';
import { KeyRing } from '../../../src/providers/wire/key-ring.ts';
import { type Behaviour, type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { bodyOf, forward, forwardOf } from '../forwards.ts';
import { callOf, gather, wireOptions, wires } from '../wires.ts';

const FIVE_MINUTES = 5 * 60_000;

describe('the keys of a provider', () => {
  let clock: HandClock;
  beforeEach(() => {
    clock = new HandClock();
  });

  const ring = (...names: string[]) =>
    new KeyRing(
      names.map((name) => [name]),
      clock,
    );
  const fault = (kind: ProviderFault, options: ProviderErrorOptions = {}) => new ProviderError(kind, 'm', options);
  const taken = (keys: KeyRing, count: number) => Array.from({ length: count }, () => keys.take().headers[0]).join('');

  it('are used in turn', () => assert.equal(taken(ring('a', 'b', 'c'), 7), 'abcabca'));

  it('leave a refused one alone for five minutes', () => {
    const keys = ring('a', 'b', 'c');
    const error = keys.judge(keys.take(), fault('unauthorized'));
    assert.deepEqual([error.kind, error.shouldRetry], ['unauthorized', true]);
    assert.equal(taken(keys, 4), 'bcbc');
    clock.advance(FIVE_MINUTES - 1);
    assert.equal(taken(keys, 2), 'bc');
    clock.advance(1);
    assert.equal(taken(keys, 3), 'abc');
  });

  it('are tried again when all are refused, the one refused longest ago first', () => {
    const keys = ring('a', 'b', 'c');
    for (const more of [true, true, undefined]) {
      clock.advance(1000);
      assert.equal(keys.judge(keys.take(), fault('unauthorized')).shouldRetry, more);
    }
    const again = keys.take();
    assert.deepEqual(again.headers, ['a']);
    clock.advance(1000);
    keys.judge(again, fault('unauthorized'));
    assert.equal(taken(keys, 1), 'b');
  });

  it('let one cool until the time it names, and ask for another try at once', () => {
    const keys = ring('a', 'b');
    const error = keys.judge(keys.take(), fault('rate_limited', { retryAfterMs: 3000 }));
    assert.deepEqual([error.kind, error.shouldRetry, error.retryAfterMs], ['rate_limited', true, undefined]);
    assert.equal(taken(keys, 2), 'bb');
    clock.advance(3000);
    assert.equal(taken(keys, 2), 'ab');
  });

  it('say the shortest wait when all are cooling', () => {
    const keys = ring('a', 'b');
    keys.judge(keys.take(), fault('rate_limited', { retryAfterMs: 3000 }));
    const error = keys.judge(keys.take(), fault('rate_limited', { retryAfterMs: 60_000, shouldRetry: false }));
    assert.equal(error.retryAfterMs, 3000);
    assert.equal(taken(keys, 1), 'a');
  });

  it('would rather wait for one than ask with a refused one', () => {
    const keys = ring('a', 'b');
    keys.judge(keys.take(), fault('unauthorized'));
    const error = keys.judge(keys.take(), fault('rate_limited', { retryAfterMs: 9000 }));
    assert.deepEqual([error.shouldRetry, error.retryAfterMs], [undefined, 9000]);
    assert.equal(taken(keys, 2), 'bb');
  });

  it('set one aside whose account is used up', () => {
    const keys = ring('a', 'b');
    assert.equal(keys.judge(keys.take(), fault('rate_limited', { shouldRetry: false })).shouldRetry, true);
    clock.advance(FIVE_MINUTES - 1);
    assert.equal(taken(keys, 2), 'bb');
  });

  it('change nothing about other errors, or where there is but one', () => {
    const keys = ring('a', 'b');
    const busy = fault('unavailable', { retryAfterMs: 5 });
    assert.equal(keys.judge(keys.take(), busy), busy);
    assert.equal(taken(keys, 2), 'ba');
    const one = ring('a');
    for (const error of [fault('unauthorized'), fault('rate_limited', { retryAfterMs: 5 })])
      assert.equal(one.judge(one.take(), error), error);
    assert.equal(taken(one, 2), 'aa');
  });
});

for (const { name, create } of wires) {
  describe(`several keys on the ${name} wire`, () => {
    let fake: FakeProvider;
    beforeEach(async () => {
      fake = await startFakeProvider();
    });
    afterEach(() => fake.close());

    const apiKeys = ['sk-canary-one', 'sk-canary-two', 'sk-canary-three'];
    const usedKeys = () =>
      fake.requests.map(({ headers }) => String(headers['x-api-key'] ?? headers.authorization).replace(/^.*-/, ''));

    it('go out in turn, with requests of both kinds', async () => {
      const provider = create(wireOptions(fake, { apiKeys }));
      for (const stream of [true, false]) {
        await gather(provider.call(callOf('hello', { stream }), new AbortController().signal));
        await forward(provider, forwardOf(name, bodyOf('hello', { stream })));
      }
      assert.deepEqual(usedKeys(), ['one', 'two', 'three', 'one']);
      await provider.close();
    });

    for (const [title, behaviour] of [
      ['401', { status: 401 }],
      ['403', { status: 403 }],
      ['429', { status: 429, headers: { 'retry-after': '30' } }],
    ] satisfies [string, Behaviour][])
      it(`pass over the one that gets a ${title}`, async () => {
        const provider = create(wireOptions(fake, { apiKeys }));
        fake.next({ ...behaviour, message: 'bad key sk-canary-one, not sk-canary-two' });
        const { error } = await forward(provider, forwardOf(name, bodyOf('hello')));
        assert.ok(error instanceof ProviderError);
        assert.deepEqual([error.shouldRetry, error.retryAfterMs], [true, undefined]);
        assert.ok(!String(error.cause).includes('canary'));
        for (let n = 0; n < 3; n++) await forward(provider, forwardOf(name, bodyOf('hello')));
        assert.deepEqual(usedKeys(), ['one', 'two', 'three', 'two']);
        await provider.close();
      });

    it('are probed until one is good', async () => {
      const provider = create(wireOptions(fake, { apiKeys }));
      fake.nextList({ status: 401 });
      fake.nextList({ status: 401 });
      await provider.probe(new AbortController().signal);
      for (let n = 0; n < 4; n++) fake.nextList({ status: 401 });
      await assert.rejects(provider.probe(new AbortController().signal), { kind: 'unauthorized' });
      await provider.close();
    });
  });
}
