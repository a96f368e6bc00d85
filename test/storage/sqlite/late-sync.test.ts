import assert from 'node:assert/strict';
import { unlinkSync } from 'node:fs';
import { createLateSync } from '../../../src/storage/sqlite/late-sync.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { until } from '../../support/until.ts';
import { makeSqliteSite } from '../sqlite-site.ts';
import { turnOf } from '../turns.ts';

describe('what nobody was promised', () => {
  it('is synced a second after it, once for all that came until then', () => {
    const clock = new HandClock();
    let flushed = 0;
    const late = createLateSync({
      clock,
      flush: async () => {
        flushed += 1;
      },
      failed: assert.fail,
    });
    clock.advance(5000);
    assert.equal(flushed, 0);
    for (let commit = 0; commit < 10; commit += 1) {
      late.committed();
      clock.advance(99);
    }
    assert.equal(flushed, 0);
    clock.advance(10);
    assert.equal(flushed, 1);
    clock.advance(5000);
    assert.equal(flushed, 1);
    late.committed();
    late.close();
    clock.advance(5000);
    assert.equal(flushed, 1);
  });

  it('is counted and logged when it cannot be synced', async () => {
    const clock = new HandClock();
    const site = makeSqliteSite({ clock });
    const store = await site.open();
    await store.finishTurn(turnOf());
    unlinkSync(`${site.file}-wal`);
    clock.advance(1000);
    await until(() => site.log.lines.length > 0);
    assert.ok(site.metrics.calls.some(({ name }) => name === 'storeFault'));
    await store.finishTurn(turnOf());
    assert.equal((await store.getSession('ann', 'home'))?.messageCount, 4);
    await site.remove();
  });
});
