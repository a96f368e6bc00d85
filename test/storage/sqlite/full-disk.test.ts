import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeSqliteSite, type SqliteSite } from '../sqlite-site.ts';
import { type Child, startChild } from './child.ts';

/** A way to take space away from a process and to give it back. */
interface Shortage {
  name: string;
  /** Why it cannot be had here. */
  missing: string | false;
  start(directory: string): Child;
  giveBack(child: Child, directory: string): void;
  end(directory: string): void;
}

const limit = 4 * 1024 * 1024;

const shortages: Shortage[] = [
  {
    name: 'files may grow no more',
    missing: isThere('prlimit') ? false : 'there is no `prlimit`',
    start: (directory) => startChild('full-disk-writer.ts', [directory], ['prlimit', `--fsize=${limit}:unlimited`]),
    giveBack: ({ process: { pid } }) => {
      execFileSync('prlimit', ['--pid', String(pid), '--fsize=unlimited:unlimited']);
    },
    end: () => {},
  },
  {
    name: 'the disk is full',
    missing: canMount() ? false : 'only root may mount a small disk',
    start(directory) {
      mkdirSync(directory);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', directory]);
      writeFileSync(join(directory, 'ballast'), Buffer.alloc(2 * limit));
      return startChild('full-disk-writer.ts', [directory]);
    },
    giveBack: (_, directory) => rmSync(join(directory, 'ballast')),
    end: (directory) => {
      execFileSync('umount', [directory]);
    },
  },
];

for (const { name, missing, start, giveBack, end } of shortages) {
  (missing ? describe.skip : describe)(`when ${name}${missing ? ` (skipped: ${missing})` : ''}`, () => {
    let site: SqliteSite;
    let child: Child;

    beforeEach(() => {
      site = makeSqliteSite();
      child = start(site.directory);
    });
    afterEach(async () => {
      await child.kill();
      end(site.directory);
      await site.remove();
    });

    async function tell(order: string): Promise<string | undefined> {
      child.process.stdin?.write(`${order}\n`);
      return child.line();
    }

    /** Repeats an order until it is refused, and answers how often it was not. */
    async function repeat(order: (index: number) => string): Promise<number> {
      for (let index = 0; ; index += 1) {
        const said = await tell(order(index));
        if (said === 'STORE_UNAVAILABLE') return index;
        assert.ok(said === 'stored' || said === 'well', said);
      }
    }

    it('refuses to write, goes on reading, and writes again when there is space', async () => {
      const stored = await repeat((index) => `write run_${index}`);
      assert.ok(stored > 10, `only ${stored} turns fitted`);
      // What is smaller than a turn may still fit, and yet the store is not well.
      assert.equal(await tell('check'), 'STORE_UNAVAILABLE');

      for (const order of ['write run_x', 'promise run_y', 'check', 'write run_z']) {
        assert.equal(await tell(order), 'STORE_UNAVAILABLE', order);
      }
      assert.equal(await tell('read run_0'), 'there');
      assert.equal(await tell(`read run_${stored - 1}`), 'there');
      assert.equal(await tell('read run_x'), 'missing');
      assert.equal(await tell('count'), String(2 * stored));
      assert.ok(Number(await tell('faults')) >= 4);

      giveBack(child, site.directory);
      for (const order of ['write run_x', 'promise run_y', 'write run_z']) assert.equal(await tell(order), 'stored');
      assert.equal(await tell('check'), 'well');
      assert.equal(await tell('count'), String(2 * stored + 5));

      child.process.stdin?.end();
      assert.equal(await child.end(), 0);
      const db = new DatabaseSync(site.file);
      assert.deepEqual({ ...db.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
      db.close();
    });
  });
}

function isThere(command: string): boolean {
  return spawnSync(command, ['--version']).status === 0;
}

function canMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;
}
