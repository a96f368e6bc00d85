import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunEvent } from '../../src/core/run.ts';
import { createRunLog } from '../../src/core/run-log.ts';
import { readAll } from '../support/make-gateway.ts';

const delta = (seq: number): RunEvent => ({ type: 'message.delta', seq, text: `${seq}` });

describe('the log of a run', () => {
  it('gives everything to a reader who comes late, and to one who waits', async () => {
    const log = createRunLog();
    const early = readAll(log.read());
    log.append([delta(1), delta(2)]);
    await Promise.resolve();
    log.append([delta(3)]);
    log.end();
    const whole = [delta(1), delta(2), delta(3)];
    assert.deepEqual(await early, whole);
    assert.deepEqual(await readAll(log.read()), whole);
  });

  it('gives each batch as it was written', async () => {
    const log = createRunLog();
    const reader = log.read()[Symbol.asyncIterator]();
    log.append([delta(1), delta(2)]);
    assert.deepEqual((await reader.next()).value, [delta(1), delta(2)]);
    const next = reader.next();
    await nextTurn();
    log.append([delta(3)]);
    assert.deepEqual((await next).value, [delta(3)]);
    const last = reader.next();
    await nextTurn();
    log.end();
    assert.equal((await last).done, true);
  });
});
