import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store } from '../../../src/core/ports/store.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { isError } from '../../support/is-error.ts';
import { makeSqliteSite, type SqliteSite } from '../sqlite-site.ts';
import { turnOf } from '../turns.ts';
import { startChild } from './child.ts';

describe('while somebody else holds the database', () => {
  const clock = new HandClock();
  let site: SqliteSite;
  let store: Store;
  let other: DatabaseSync;

  beforeEach(async () => {
    site = makeSqliteSite({ clock });
    store = await site.open();
    await store.finishTurn(turnOf());
    other = new DatabaseSync(site.file);
    other.exec('BEGIN IMMEDIATE');
  });
  afterEach(async () => {
    other.close();
    await site.remove();
  });

  /** What is to be committed waits for two turns of the event loop at most. */
  async function tried(): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) await nextTurn();
  }

  it('reads, and holds up nobody', async () => {
    const startedAt = performance.now();
    const written = store.finishTurn(turnOf());
    for (let turn = 0; turn < 50; turn += 1) {
      clock.advance(20);
      await nextTurn();
      assert.equal((await store.getSession('ann', 'home'))?.messageCount, 2);
    }
    assert.ok(performance.now() - startedAt < 1000, 'the event loop stood still');
    other.exec('COMMIT');
    clock.advance(20);
    await written;
    assert.equal((await store.getSession('ann', 'home'))?.messageCount, 4);
  });

  it('writes in order once the lock is free', async () => {
    const turns = [turnOf(), turnOf(), turnOf()];
    const written = [];
    for (const turn of turns) {
      written.push(store.finishTurn(turn));
      await tried();
    }
    other.exec('COMMIT');
    clock.advance(20);
    await Promise.all(written);
    const history = (await store.loadTurn('ann', 'home', 6))?.history;
    assert.deepEqual(
      history,
      turns.flatMap(({ question, answer }) => [question, answer]),
    );
  });

  it('gives up a write that has waited five seconds, and no other', async () => {
    const early = store.finishTurn(turnOf());
    const refused = assert.rejects(early, isError('STORE_UNAVAILABLE'));
    await tried();
    clock.advance(4990);
    const late = store.finishTurn(turnOf());
    await tried();
    clock.advance(20);
    await refused;
    other.exec('COMMIT');
    clock.advance(20);
    await late;
    assert.equal((await store.getSession('ann', 'home'))?.messageCount, 4);
  });

  it('waits for the lock to write before it closes', async () => {
    other.exec('COMMIT');
    const locker = startChild('locker.ts', [site.file]);
    await locker.line();
    const written = store.finishTurn(turnOf());
    await tried();
    locker.process.stdin?.end('let go');
    await Promise.all([written, store.close()]);
    await locker.end();
  });
});
