import assert from 'node:assert/strict';
import { HandClock } from '../../support/hand-clock.ts';
import { makeSqliteSite, type SqliteSite } from '../sqlite-site.ts';
import { keyOf, turnOf } from '../turns.ts';

describe('watching keys', () => {
  const clock = new HandClock();
  let site: SqliteSite;

  beforeEach(() => {
    site = makeSqliteSite({ clock });
  });
  afterEach(() => site.remove());

  it('looks four times a second, and tells of keys alone', async () => {
    const store = await site.open();
    const other = await site.open({ recover: false });
    const told: string[] = [];
    const end = store.watchKeys(() => told.push('a'));
    store.watchKeys(() => told.push('b'));
    await other.finishTurn(turnOf());
    clock.advance(250);
    assert.deepEqual(told, []);
    await other.createKey(keyOf('key_1'));
    clock.advance(249);
    assert.deepEqual(told, []);
    clock.advance(1);
    assert.deepEqual(told, ['a', 'b']);
    end();
    await other.updateKey('key_1', { revokedAt: 1 });
    clock.advance(250);
    assert.deepEqual(told, ['a', 'b', 'b']);
    clock.advance(2500);
    assert.deepEqual(told, ['a', 'b', 'b']);
  });

  it('sets no timer when nobody watches', async () => {
    const store = await site.open();
    const before = clock.pending;
    const ends = [store.watchKeys(() => {}), store.watchKeys(() => {})];
    assert.equal(clock.pending, before + 1);
    for (const end of ends) end();
    assert.equal(clock.pending, before);
    store.watchKeys(() => {});
    await store.close();
    assert.equal(clock.pending, 0);
  });
});
