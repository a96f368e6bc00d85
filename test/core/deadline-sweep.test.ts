import assert from 'node:assert/strict';
import { DeadlineSweep, Expiring } from '../../src/core/deadline-sweep.ts';
import { HandClock } from '../support/hand-clock.ts';

class Item extends Expiring {
  expired = 0;
  expire(): void {
    this.expired++;
  }
}

describe('deadline-sweep', () => {
  let clock: HandClock;
  let sweep: DeadlineSweep;
  beforeEach(() => {
    clock = new HandClock();
    sweep = new DeadlineSweep(clock, 10);
  });

  function watched(ms: number): Item {
    const item = new Item();
    item.deadlineAt = clock.now() + ms;
    sweep.watch(item);
    return item;
  }

  it('expires each at its time, once, and late by no more than a sweep', () => {
    const items = [25, 5, 100, 25].map(watched);
    clock.advance(4);
    assert.deepEqual(
      items.map(({ expired }) => expired),
      [0, 0, 0, 0],
    );
    clock.advance(11);
    assert.deepEqual(
      items.map(({ expired }) => expired),
      [0, 1, 0, 0],
    );
    clock.advance(20);
    assert.deepEqual(
      items.map(({ expired }) => expired),
      [1, 1, 0, 1],
    );
    clock.advance(1000);
    assert.deepEqual(
      items.map(({ expired }) => expired),
      [1, 1, 1, 1],
    );
  });

  it('goes by a deadline that was moved', () => {
    const item = watched(25);
    item.deadlineAt = clock.now() + 200;
    clock.advance(190);
    assert.equal(item.expired, 0);
    clock.advance(20);
    assert.equal(item.expired, 1);
  });

  it('forgets in any order, also what it does not know', () => {
    const items = Array.from({ length: 20 }, () => watched(25));
    for (const n of [3, 0, 19, 10, 3]) sweep.forget(items[n] ?? new Item());
    clock.advance(50);
    assert.deepEqual(
      items.flatMap(({ expired }, n) => (expired ? [] : [n])),
      [0, 3, 10, 19],
    );
  });

  it('stands what is forgotten or watched while it sweeps', () => {
    const later = watched(1000);
    const first = watched(5);
    first.expire = () => {
      sweep.forget(later);
      sweep.watch(first);
      first.deadlineAt = clock.now() + 5;
      first.expire = Item.prototype.expire;
    };
    clock.advance(2000);
    assert.deepEqual([first.expired, later.expired], [1, 0]);
  });

  it('holds a timer only while there is something to watch', () => {
    assert.equal(clock.pending, 0);
    const item = watched(1000);
    watched(1000);
    assert.equal(clock.pending, 1);
    sweep.forget(item);
    clock.advance(1010);
    assert.equal(clock.pending, 0);
    watched(1000);
    assert.equal(clock.pending, 1);
    sweep.close();
    assert.equal(clock.pending, 0);
  });
});
