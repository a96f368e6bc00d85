import { close, fdatasync, fstatSync, open } from 'node:fs';
import { open as openFolder } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StoreFault } from './faults.ts';

/**
 * Puts what was committed on the disk, off the event loop. A commit leaves its pages in the write-ahead log; syncing
 * that file is all that `synchronous = FULL` would add. The log is opened here once more to be synced, which is safe
 * for this file only: SQLite keeps its locks on the database and on the `-shm` file, and closing any other handle of
 * those would give them up.
 */
export interface LogSync {
  /** Resolves when all that was committed before the call is on the disk. */
  flush(): Promise<void>;
  /** Part of the log may be lost on the disk: nothing is promised before it has been begun anew. */
  distrust(): void;
  /** Waits for the sync under way. */
  close(): Promise<void>;
}

export function createLogSync(path: string, renewLog: () => Promise<void>): LogSync {
  let handle: number | undefined;
  let trusted = true;
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function sync(): Promise<void> {
    try {
      if (!trusted) {
        trusted = true;
        await renewLog();
      }
      handle ??= await openLog(path);
      // At once: it costs a microsecond, and a turn of the thread pool would cost every promise its wait.
      if (fstatSync(handle).nlink === 0) throw new StoreFault('The write-ahead log was removed.');
      await toDisk(handle);
    } catch (error) {
      // After a failed sync the kernel may take the lost pages for written: the next one would succeed and lie.
      trusted = false;
      throw error;
    }
  }

  function flush(): Promise<void> {
    if (!current) {
      current = sync().finally(() => {
        current = undefined;
      });
      return current;
    }
    // The sync under way may have passed by this commit; whoever comes until it ends shares the one after it.
    next ??= current
      .catch(() => {})
      .then(() => {
        next = undefined;
        return flush();
      });
    return next;
  }

  return {
    flush,
    distrust() {
      trusted = false;
    },
    async close() {
      await (next ?? current)?.catch(() => {});
      if (handle !== undefined) await toClosed(handle);
      handle = undefined;
    },
  };
}

const toHandle = promisify(open);
const toDisk = promisify(fdatasync);
const toClosed = promisify(close);

/** The names of the log and of its folder must last too, and SQLite sees to that later than we promise. */
async function openLog(path: string): Promise<number> {
  const handle = await toHandle(path, 'r+');
  const folder = dirname(path);
  await syncFolder(folder);
  await syncFolder(dirname(folder));
  return handle;
}

/** Windows opens no folders, and keeps names by itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await openFolder(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
