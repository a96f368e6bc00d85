import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { systemClock } from '../../src/system/clock.ts';

describe('the system clock', () => {
  it('tells the time', () => {
    const before = Date.now();
    const now = systemClock.now();
    assert.ok(before <= now && now <= Date.now());
  });

  it('calls back once, not before the time', async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const keepAlive = setInterval(() => {}, 1000);
    const start = performance.now();
    systemClock.after(20, () => resolve(performance.now() - start));
    assert.ok((await promise) >= 19);
    clearInterval(keepAlive);
  });

  it('does not call back when cancelled', async () => {
    const called: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const keepAlive = setInterval(() => {}, 1000);
    systemClock.after(1, () => called.push('cancelled')).cancel();
    systemClock.after(2 ** 32, () => called.push('in fifty days'));
    systemClock.after(5, resolve);
    await promise;
    clearInterval(keepAlive);
    assert.deepEqual(called, []);
  });

  it('keeps no process alive', () => {
    const script = `import { systemClock } from './src/system/clock.ts'; systemClock.after(60_000, () => {});`;
    const { status } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], { timeout: 5000 });
    assert.equal(status, 0);
  });
});
