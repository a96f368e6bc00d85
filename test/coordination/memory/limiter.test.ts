import assert from 'node:assert/strict';
import { mock } from 'node:test';
import fc from 'fast-check';
import { createMemoryLimiter } from '../../../src/coordination/memory/limiter.ts';
import { systemClock } from '../../../src/system/clock.ts';

const minute = 60_000;

describe('the limiter', () => {
  // The library looks at the machine's clock, so that one is turned here.
  beforeEach(() => mock.timers.enable({ apis: ['Date', 'setTimeout'], now: Date.UTC(2026, 10, 22) }));
  afterEach(() => mock.timers.reset());

  it('grants exactly 100 of 10,000 at once on a limit of 100', async () => {
    const limiter = createMemoryLimiter(systemClock);
    const all = await Promise.all(Array.from({ length: 10_000 }, () => limiter.reserve('key:a', 1, 100, minute)));
    assert.equal(all.filter(({ granted }) => granted).length, 100);
    const again = await Promise.all(Array.from({ length: 100 }, () => limiter.reserve('key:a', 1, 100, minute)));
    assert.ok(again.every(({ granted }) => !granted));
    const { granted, remaining } = await limiter.reserve('key:b', 1, 100, minute);
    assert.deepEqual({ granted, remaining }, { granted: true, remaining: 99 }, 'others have counters of their own');
  });

  it('has windows that begin with the first request and do not slide', async () => {
    const limiter = createMemoryLimiter(systemClock);
    const reserve = () => limiter.reserve('key:a', 1, 2, minute);
    const first = await reserve();
    assert.deepEqual([first.granted, first.resetAt], [true, Date.now() + minute]);
    mock.timers.tick(59_000);
    assert.equal((await reserve()).resetAt, first.resetAt);
    const refused = await reserve();
    assert.deepEqual([refused.granted, refused.remaining, refused.resetAt], [false, 0, first.resetAt]);
    mock.timers.tick(999);
    assert.equal((await reserve()).granted, false);
    mock.timers.tick(1);
    const next = await reserve();
    assert.deepEqual([next.granted, next.remaining, next.resetAt], [true, 1, Date.now() + minute]);
  });

  it('never lets what remains rise inside a window', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.array(
          fc.oneof(fc.record({ together: fc.integer({ min: 1, max: 6 }) }), fc.record({ wait: fc.nat(5_000) })),
          {
            maxLength: 10,
          },
        ),
        async (limit, steps) => {
          const limiter = createMemoryLimiter(systemClock);
          let before = limit;
          let granted = 0;
          for (const step of steps) {
            if ('wait' in step) mock.timers.tick(step.wait);
            else {
              const wishes = Array.from({ length: step.together }, () => limiter.reserve('a', 1, limit, minute));
              for (const reserved of await Promise.all(wishes)) {
                assert.ok(reserved.remaining <= before);
                before = reserved.remaining;
                if (reserved.granted) granted += 1;
                assert.equal(reserved.remaining, limit - granted);
              }
              assert.equal((await limiter.peek('a', limit, minute)).remaining, limit - granted);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('begins no window with a debt of its own when a refusal falls on the end of one', async () => {
    const limiter = createMemoryLimiter(systemClock);
    await limiter.reserve('a', 1, 1, minute);
    const late = limiter.reserve('a', 1, 1, minute);
    mock.timers.tick(minute);
    assert.equal((await late).granted, false);
    const next = [await limiter.reserve('a', 1, 1, minute), await limiter.reserve('a', 1, 1, minute)];
    assert.deepEqual(
      next.map(({ granted }) => granted),
      [true, false],
    );
  });

  it('takes nothing for a look', async () => {
    const limiter = createMemoryLimiter(systemClock);
    assert.deepEqual(await limiter.peek('a', 3, minute), { limit: 3, remaining: 3, resetAt: Date.now() + minute });
    await limiter.reserve('a', 1, 3, minute);
    await limiter.peek('a', 3, minute);
    assert.equal((await limiter.peek('a', 3, minute)).remaining, 2);
  });

  it('sees nothing of a window that is over, also where its timer is late', async () => {
    mock.timers.reset();
    mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 10, 22) });
    const limiter = createMemoryLimiter(systemClock);
    await limiter.reserve('a', 3, 3, minute);
    mock.timers.tick(minute);
    assert.deepEqual(await limiter.peek('a', 3, minute), { limit: 3, remaining: 3, resetAt: Date.now() + minute });
  });

  it('costs nothing more when it refuses, so that a smaller wish may fit', async () => {
    const limiter = createMemoryLimiter(systemClock);
    await limiter.reserve('a', 7, 10, minute);
    assert.equal((await limiter.reserve('a', 4, 10, minute)).granted, false);
    assert.equal((await limiter.reserve('a', 3, 10, minute)).granted, true);
  });

  const settlements: [name: string, used: number, remaining: number][] = [
    ['less', 2, 8],
    ['as much', 5, 5],
    ['more', 9, 1],
  ];
  for (const [name, used, remaining] of settlements) {
    it(`settles what was reserved to ${name}`, async () => {
      const limiter = createMemoryLimiter(systemClock);
      const reserved = await limiter.reserve('a', 5, 10, minute);
      reserved.settle(used);
      assert.equal((await limiter.peek('a', 10, minute)).remaining, remaining);
    });
  }

  it('gives exactly 100 places to 10,000 at once, and each once more when it is given up', async () => {
    const limiter = createMemoryLimiter(systemClock);
    const all = await Promise.all(Array.from({ length: 10_000 }, async () => limiter.hold('a', 100)));
    const held = all.filter(({ granted }) => granted);
    assert.equal(held.length, 100);
    for (const one of all) if (!one.granted) one.release();
    assert.equal((await limiter.hold('a', 100)).granted, false, 'who got no place has none to give up');
    held[0]?.release();
    held[0]?.release();
    const again = [await limiter.hold('a', 100), await limiter.hold('a', 100)];
    assert.deepEqual(
      again.map(({ granted }) => granted),
      [true, false],
    );
    assert.equal((await limiter.hold('b', 1)).granted, true, 'others have places of their own');
  });

  it('settles nothing after the window, and nothing that was refused', async () => {
    const limiter = createMemoryLimiter(systemClock);
    const old = await limiter.reserve('a', 5, 10, minute);
    mock.timers.tick(minute);
    await limiter.reserve('a', 1, 10, minute);
    old.settle(0);
    assert.equal((await limiter.peek('a', 10, minute)).remaining, 9);
    const refused = await limiter.reserve('a', 10, 10, minute);
    refused.settle(0);
    assert.equal((await limiter.peek('a', 10, minute)).remaining, 9);
  });
});
