import { strict as assert } from 'node:assert';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { GatewayError, ProviderError } from '../../src/core/errors.ts';
import { createLog, type LogOptions } from '../../src/telemetry/log.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

/** Lines as they were written. */
function capture(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  return { lines, log: createLog({ level: 'debug', destination, clock: { now: () => 0 }, ...options }) };
}

const parsed = (lines: string[]) => lines.map((line) => JSON.parse(line));

describe('the log', () => {
  it('writes a line of JSON for each fact', () => {
    const { lines, log } = capture();
    log.info({ operation: 'createChat', status: 200 }, 'request');
    log.with({ requestId: 'r1' }).with({ runId: 'run_1' }).warn({}, 'slow');
    assert.deepEqual(parsed(lines), [
      { level: 'info', time: '1970-01-01T00:00:00.000Z', operation: 'createChat', status: 200, msg: 'request' },
      { level: 'warn', time: '1970-01-01T00:00:00.000Z', requestId: 'r1', runId: 'run_1', msg: 'slow' },
    ]);
    assert.ok(lines.every((line) => line.endsWith('\n')));
  });

  it('writes plain values as it writes any others', () => {
    const secret = 'hunter2hunter2';
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(secret, `Bearer ${secret}`, 'ocg_0123456789abcdefghijABCDEF', '\ud800', 'x'.repeat(9000)),
      fc.double(),
      fc.integer(),
      fc.constantFrom(true, false, null, undefined, -0),
    );
    const anything = fc.string({ unit: 'binary' }).filter((key) => key !== '__proto__');
    const name = fc.oneof(anything, fc.constantFrom('apiKey', 'authorization', 'status', 'msg'));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), fc.array(fc.tuple(name, value)), (bound, fields) => {
        const { lines, log } = capture({ secrets: [secret] });
        const child = log.with(Object.fromEntries(bound));
        const plain = Object.fromEntries(fields.filter(([key]) => key !== 'other'));
        child.info(plain, 'message');
        child.info({ ...plain, other: [] }, 'message');
        const [written = '', byPino = ''] = lines;
        // Half a character is written as it is by pino, and as JSON has it by us.
        assert.deepEqual(JSON.parse(written), JSON.parse(byPino.replace(',"other":[]', '')));
      }),
    );
  });

  it('keeps quiet below its level, and does not even look', () => {
    const { lines, log } = capture({ level: 'warn' });
    let looks = 0;
    const fields = {
      get field() {
        looks += 1;
        return looks;
      },
    };
    log.debug(fields, 'no');
    log.info(fields, 'no');
    log.with({ child: true }).info(fields, 'no');
    assert.equal(looks, 0);
    log.warn(fields, 'yes');
    log.error(fields, 'yes');
    assert.deepEqual(
      parsed(lines).map(({ level }) => level),
      ['warn', 'error'],
    );
  });

  it('tells an error with its code and the chain of its causes', () => {
    const { lines, log } = capture();
    const socket = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    const provider = new ProviderError('unavailable', 'no answer', { cause: socket });
    log.error({ error: new GatewayError('PROVIDER_UNAVAILABLE', 'Try again.', { cause: provider }) }, 'failed');
    const [{ error }] = parsed(lines);
    assert.deepEqual([error.name, error.code, error.message], ['GatewayError', 'PROVIDER_UNAVAILABLE', 'Try again.']);
    assert.match(error.stack, /log\.test\.ts/);
    assert.deepEqual([error.cause.kind, error.cause.cause.code], ['unavailable', 'ECONNRESET']);
  });

  it('tells several errors as one', () => {
    const { lines, log } = capture();
    log.error({ error: new AggregateError([new Error('one'), 'two'], 'both') }, 'failed');
    const [{ error }] = parsed(lines);
    assert.deepEqual([error.message, error.errors[0].message, error.errors[1]], ['both', 'one', 'two']);
  });

  it('survives what cannot be told', () => {
    const { lines, log } = capture();
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const broken = {
      get bad(): never {
        throw new TypeError('no');
      },
    };
    const loop = new Error('loop');
    loop.cause = loop;
    log.info({ circle }, 'circle');
    log.info({ broken }, 'broken');
    log.info({ loop }, 'loop');
    log.info({ big: 10n, bytes: Buffer.alloc(9), map: new Map([['a', 1]]), none: undefined, call: () => 1 }, 'kinds');
    log.info(
      { long: 'x'.repeat(10_000), endless: 'x'.repeat(100_000), many: Array.from({ length: 5000 }, () => 1) },
      'much',
    );
    const [round, unreadable, chain, kinds, much] = parsed(lines);
    assert.match(JSON.stringify(round), /"self":"\[deeper\]"/);
    assert.equal(JSON.stringify(chain).match(/"message":"loop"/g)?.length, 6);
    assert.equal(lines.length, 5);
    assert.equal(unreadable.unreadable, 'TypeError');
    assert.deepEqual([kinds.big, kinds.bytes, kinds.map], ['10', '[9 bytes]', { a: 1 }]);
    assert.deepEqual([much.long.length, much.endless, much.many.length], [8193, '[100000 characters]', 100]);
  });

  it('speaks to people when it is told to', () => {
    const { lines, log } = capture({ pretty: true, color: false });
    log.warn({ provider: 'openai' }, 'provider changed its state');
    assert.match(lines.join(''), /WARN.*: provider changed its state \{"provider":"openai"\}\n$/);
    assert.ok(!lines.join('').includes('\u001b['));
    const colored = capture({ pretty: true, color: true });
    colored.log.warn({}, 'seen');
    assert.ok(colored.lines.join('').includes('\u001b['));
  });

  for (const [how, end] of [
    ['returns', ''],
    ['exits', 'process.exit(3);'],
    ['throws', "setImmediate(() => { throw new Error('on purpose'); });"],
    ['is flushed and killed', "log.flush(); process.kill(process.pid, 'SIGKILL');"],
  ] as const) {
    it(`has written everything when the process ${how}`, async () => {
      const script = `import { createLog } from './src/telemetry/log.ts';
        const log = createLog({ level: 'info' });
        for (let line = 0; line < 2000; line++) log.info({ line }, 'counted');
        ${end}`;
      const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const [written] = await Promise.all([text(child.stderr), once(child, 'close')]);
      const counted = written.split('\n').filter((line) => line.includes('counted'));
      assert.deepEqual(
        counted.map((line) => JSON.parse(line).line),
        Array.from({ length: 2000 }, (_, line) => line),
      );
    });
  }

  it('does not keep a line back', async () => {
    const script = `import { createLog } from './src/telemetry/log.ts';
      createLog({ level: 'info' }).info({}, 'alone');
      process.stdin.resume();`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: 'pipe' });
    const [line] = await once(child.stderr, 'data');
    assert.match(String(line), /alone/);
    child.stdin.end();
    await once(child, 'close');
  });

  it('never waits for a stderr that nobody reads, and says what was lost', async () => {
    const folder = makeTemporaryDirectory();
    const pipe = `${folder.path}/stderr`;
    execFileSync('mkfifo', [pipe]);
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(pipe, constants.O_WRONLY);
    const script = `import { createLog } from './src/telemetry/log.ts';
      const log = createLog({ level: 'info' });
      for (let line = 0; line < 70_000; line++) log.info({ line }, 'counted');
      process.stdout.write(String(process.memoryUsage.rss()));
      process.stdin.resume();
      process.stdin.on('end', () => { log.info({}, 'last'); });`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['pipe', 'pipe', writer],
    });
    closeSync(writer);
    assert.ok(child.stdin && child.stdout);
    const [rss] = await once(child.stdout, 'data');
    assert.ok(Number(rss) < 250 * 1024 * 1024, `${rss} bytes`);
    child.stdin.end();
    const [written] = await Promise.all([text(new Socket({ fd: reader, readable: true })), once(child, 'close')]);
    const lines = parsed(written.trim().split('\n'));
    const lost = lines.reduce((sum, line) => sum + (line.lost ?? 0), 0);
    const counted = lines.filter(({ msg }) => msg === 'counted').map(({ line }) => line);
    assert.ok(lost > 0 && counted.length > 10_000);
    // The last one may be lost as well, and is then counted.
    assert.equal(counted.length + lines.filter(({ msg }) => msg === 'last').length + lost, 70_001);
    assert.deepEqual(
      counted,
      counted.toSorted((a, b) => a - b),
    );
    folder.remove();
  });
});
