import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogSync } from '../../../src/storage/sqlite/log-sync.ts';
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts';

describe('syncing the log', () => {
  let directory: ReturnType<typeof makeTemporaryDirectory>;
  let path: string;
  let renewed: number;

  beforeEach(() => {
    directory = makeTemporaryDirectory();
    path = join(directory.path, 'log');
    renewed = 0;
  });
  afterEach(() => directory.remove());

  const renew = async () => {
    renewed += 1;
  };

  it('shares one sync among those who come while another is under way', async () => {
    writeFileSync(path, '');
    const sync = createLogSync(path, renew);
    const first = sync.flush();
    const second = sync.flush();
    assert.notEqual(first, second);
    assert.equal(sync.flush(), second);
    await first;
    await second;
    assert.notEqual(sync.flush(), second);
    assert.equal(renewed, 0);
    await sync.close();
  });

  it('trusts the log again only when it was begun anew', async () => {
    const sync = createLogSync(path, renew);
    await assert.rejects(sync.flush(), { code: 'ENOENT' });
    assert.equal(renewed, 0);
    writeFileSync(path, '');
    await sync.flush();
    assert.equal(renewed, 1);
    await sync.flush();
    assert.equal(renewed, 1);
    sync.distrust();
    await sync.flush();
    assert.equal(renewed, 2);
    await sync.close();
  });

  it('promises nothing while the log cannot be begun anew', async () => {
    writeFileSync(path, '');
    let broken = true;
    const sync = createLogSync(path, async () => {
      if (broken) throw new Error('no');
    });
    sync.distrust();
    await assert.rejects(sync.flush(), /no/);
    await assert.rejects(sync.flush(), /no/);
    broken = false;
    await sync.flush();
    await sync.close();
  });

  it('ends when the sync under way has', async () => {
    writeFileSync(path, '');
    const sync = createLogSync(path, renew);
    const flushed: string[] = [];
    void sync.flush().then(() => flushed.push('first'));
    void sync.flush().then(() => flushed.push('second'));
    await sync.close();
    assert.deepEqual(flushed, ['first', 'second']);
  });
});
