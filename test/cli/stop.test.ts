import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** A process with a server that logs to stdout and closes as `close` says. */
function start(call: string, close: string) {
  const script = `import { stopOnCrash, stopOnSignal } from './src/cli/stop.ts';
    const say = (line) => process.stdout.write(line + '\\n');
    const log = { error: ({ error }, message) => say(message + ': ' + error.message), flush: () => say('flushed') };
    const server = { log, close: async () => { say('closing'); ${close} } };
    const keepAlive = setInterval(() => {}, 1000);
    ${call};
    say('ready');`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = text(child.stdout);
  return { child, ready: once(child.stdout, 'data'), outcome: Promise.all([once(child, 'close'), said]) };
}

describe('stopping', () => {
  it('closes and exits with 0', async () => {
    const { child, ready, outcome } = start('stopOnSignal(server)', '');
    await ready;
    child.kill('SIGTERM');
    const [[status]] = await outcome;
    assert.equal(status, 0);
  });

  it('does not take the same signal, delivered twice, for a second one', async () => {
    const { child, ready, outcome } = start(
      'stopOnSignal(server)',
      'await new Promise((done) => setTimeout(done, 300));',
    );
    await ready;
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const [[status]] = await outcome;
    assert.equal(status, 0);
  });

  it('exits at once on a second signal a second later', async () => {
    const { child, ready, outcome } = start('stopOnSignal(server)', 'await new Promise(() => {});');
    await ready;
    child.kill('SIGTERM');
    const again = setInterval(() => child.kill('SIGTERM'), 100);
    const start0 = performance.now();
    const [[status]] = await outcome;
    clearInterval(again);
    assert.equal(status, 1);
    assert.ok(performance.now() - start0 >= 950);
  });

  it('exits with 1 when closing fails', async () => {
    const { child, ready, outcome } = start('stopOnSignal(server)', "throw new Error('stuck');");
    await ready;
    child.kill('SIGTERM');
    const [[status]] = await outcome;
    assert.equal(status, 1);
  });

  for (const [name, crash] of [
    ['an exception', "setImmediate(() => { throw new Error('on purpose'); })"],
    ['a rejection', "void Promise.reject(new Error('on purpose'))"],
  ]) {
    it(`tells ${name} that nobody expected, closes, and exits with 1`, async () => {
      const { outcome } = start(`stopOnCrash(server); ${crash}`, '');
      const [[status], said] = await outcome;
      assert.equal(status, 1);
      assert.deepEqual(
        said.split('\n').filter((line) => line !== 'ready'),
        ['unexpected error: on purpose', 'flushed', 'closing', ''],
      );
    });
  }

  it('does not wait for a crashed gateway longer than a second', async () => {
    const before = performance.now();
    const { outcome } = start(
      "stopOnCrash(server); setImmediate(() => { throw new Error('on purpose'); })",
      'await new Promise(() => {});',
    );
    const [[status]] = await outcome;
    assert.equal(status, 1);
    assert.ok(performance.now() - before < 5000);
  });
});
