import assert from 'node:assert/strict';
import { createWorker, type Worker } from '../../../src/core/worker.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { createRecordingLog } from '../../support/recording-log.ts';
import { steady, until } from '../../support/until.ts';

describe('a worker', () => {
  let clock: HandClock;
  let queue: number[];
  let settled: number[];
  let claims: number;
  let isUrgent: boolean;
  let open: number;
  let most: number;
  let worker: Worker;
  let faults: { claim: boolean; settle: boolean };
  let work: (item: number, signal: AbortSignal) => Promise<void>;

  beforeEach(() => {
    clock = new HandClock();
    queue = [];
    settled = [];
    claims = 0;
    isUrgent = false;
    open = 0;
    most = 0;
    faults = { claim: false, settle: false };
    work = async () => {};
    worker = createWorker<number, number>({
      name: 'test',
      concurrency: 3,
      clock,
      log: createRecordingLog(),
      mayTake: () => !isUrgent,
      async claim(limit) {
        claims += 1;
        if (faults.claim) throw new Error('the disk is full');
        return queue.splice(0, limit);
      },
      async work(item, signal) {
        open += 1;
        most = Math.max(most, open);
        await work(item, signal);
        open -= 1;
        return item * 2;
      },
      async settle(item, outcome) {
        if (faults.settle) throw new Error('the disk is full');
        assert.equal(outcome, item * 2);
        settled.push(item);
      },
    });
  });

  const rest = () => steady(() => claims + settled.length + open);

  it('works on all there is, so many at once', async () => {
    queue = Array.from({ length: 20 }, (_, index) => index);
    worker.wake();
    await until(() => settled.length === 20);
    assert.equal(most, 3);
  });

  it('looks when woken, and every half second', async () => {
    worker.wake();
    await rest();
    queue = [1];
    clock.advance(499);
    await rest();
    assert.deepEqual(settled, []);
    clock.advance(1);
    await rest();
    assert.deepEqual(settled, [1]);
  });

  it('sees what came while it was looking', async () => {
    worker.wake();
    queue = [];
    await Promise.resolve();
    queue = [7];
    worker.wake();
    await rest();
    assert.deepEqual(settled, [7]);
  });

  it('takes nothing while something is more urgent, and yet something every half second', async () => {
    isUrgent = true;
    queue = [1];
    worker.wake();
    await rest();
    assert.equal(claims, 0);
    clock.advance(500);
    await rest();
    assert.deepEqual(settled, [1]);
    queue = [2];
    isUrgent = false;
    worker.wake();
    await rest();
    assert.deepEqual(settled, [1, 2]);
  });

  it('rests a second when the queue cannot be read, and goes on by itself', async () => {
    faults.claim = true;
    queue = [1];
    worker.wake();
    await rest();
    const before = claims;
    faults.claim = false;
    clock.advance(999);
    await rest();
    assert.equal(claims, before);
    clock.advance(1);
    await rest();
    assert.deepEqual(settled, [1]);
  });

  it('settles again what could not be settled, without doing it again', async () => {
    let done = 0;
    work = async () => {
      done += 1;
    };
    faults.settle = true;
    queue = [1];
    worker.wake();
    await rest();
    clock.advance(3000);
    await rest();
    faults.settle = false;
    clock.advance(1000);
    await rest();
    assert.deepEqual(settled, [1]);
    assert.equal(done, 1);
  });

  it('stops when what is under way has ended, and takes no more', async () => {
    const held = Promise.withResolvers<void>();
    work = () => held.promise;
    queue = [1, 2, 3, 4];
    worker.wake();
    await rest();
    let stopped = false;
    const stopping = worker.stop(5000).then(() => {
      stopped = true;
    });
    await rest();
    assert.equal(stopped, false);
    held.resolve();
    await stopping;
    worker.wake();
    await rest();
    assert.deepEqual(settled, [1, 2, 3]);
    assert.deepEqual(queue, [4]);
    assert.equal(clock.pending, 0);
  });

  it('tells what is under way to stop when the grace is over', async () => {
    work = (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    queue = [1];
    worker.wake();
    await rest();
    const stopping = worker.stop(5000);
    clock.advance(5000);
    await stopping;
    assert.deepEqual(settled, [1]);
  });

  it('works on what it was just taking when it was stopped', async () => {
    queue = [1];
    worker.wake();
    await worker.stop(1000);
    assert.deepEqual(settled, [1]);
  });

  it('gives up settling when the grace is over', async () => {
    faults.settle = true;
    queue = [1];
    worker.wake();
    await rest();
    const stopping = worker.stop(1000);
    clock.advance(2000);
    await stopping;
    assert.deepEqual(settled, []);
  });
});
