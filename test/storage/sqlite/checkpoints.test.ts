import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store } from '../../../src/core/ports/store.ts';
import { makeSqliteSite, type SqliteSite } from '../sqlite-site.ts';
import { turnOf } from '../turns.ts';
import { startChild } from './child.ts';

const megabyte = 1024 * 1024;

describe('checkpoints', () => {
  let site: SqliteSite;
  let store: Store;

  beforeEach(async () => {
    site = makeSqliteSite();
    store = await site.open();
  });
  afterEach(() => site.remove());

  /** More than the log may hold before it is copied, in full groups of commits: after each of those it is looked at. */
  async function writeMuch(): Promise<void> {
    const answer = 'x'.repeat(100_000);
    const turns = Array.from({ length: 384 }, (_, index) => turnOf({ session: `s${index % 48}`, answer }));
    await Promise.all(turns.map((turn) => store.finishTurn(turn)));
  }

  async function untilCopied(): Promise<void> {
    const db = new DatabaseSync(site.file);
    const look = db.prepare('PRAGMA wal_checkpoint(NOOP)');
    while (Number(look.get()?.log) > 1) await nextTurn();
    db.close();
  }

  it('copy a long log and begin it anew, in the same space', async () => {
    await writeMuch();
    await untilCopied();
    const before = statSync(`${site.file}-wal`).size;
    assert.ok(before > 32 * megabyte && statSync(site.file).size > 32 * megabyte);
    await writeMuch();
    await untilCopied();
    assert.ok(statSync(`${site.file}-wal`).size < 1.2 * before);
    assert.equal((await store.getSession('ann', 's7'))?.messageCount, 32);
    assert.deepEqual(site.log.lines, []);
  });

  it('do not happen while little is written', async () => {
    const before = statSync(site.file).size;
    for (let index = 0; index < 100; index += 1) await store.finishTurn(turnOf());
    assert.equal(statSync(site.file).size, before);
  });

  for (const leaves of ['stay', undefined]) {
    it(`keep no process alive that ${leaves ? 'forgets to close' : 'closes'}`, async () => {
      // So many that the thread is started.
      const child = startChild('opener.ts', [site.directory, 'beside', '180', ...(leaves ? [leaves] : [])]);
      assert.equal(await child.line(), 'written');
      assert.equal(await child.end(), 0);
    });
  }
});
