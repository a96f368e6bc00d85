import type { Connection } from './connection.ts';
import type { Messages } from './messages.ts';
import { integer, toRow, toRows } from './rows.ts';

/**
 * Heads that no session stands at any more, and the end of the messages that only they led to. A fork shares its past
 * with its origin, so a message goes when the last path through it is gone; long conversations go piece by piece,
 * because whoever deletes one must not hold up the others.
 *
 * A parent always lies before its children. So the abandoned path and the living ones of its tree are followed down
 * together, the newest message first: either the abandoned one is the newest, and nobody else came by, or it meets a
 * living path, and the rest belongs to that.
 */
export interface Abandoned {
  add(head: number, tree: number): void;
  /** Takes at most so many steps. True when there may be more to do. */
  reclaim(steps: number): boolean;
}

interface Walk {
  head: number;
  tree: number;
  /** Where the living paths are, newest first. */
  living: number[];
}

export function createAbandoned({ prepare }: Connection, messages: Messages): Abandoned {
  const add = prepare('INSERT OR IGNORE INTO abandoned (head, tree) VALUES (?, ?)');
  const drop = prepare('DELETE FROM abandoned WHERE head = ?');
  const newest = prepare('SELECT head, tree FROM abandoned ORDER BY head DESC LIMIT 1');
  const living = prepare(`
    SELECT head FROM heads WHERE tree = ?1 AND shared = 1
    UNION
    SELECT head FROM abandoned WHERE tree = ?1 AND head <> ?2
    ORDER BY head DESC
  `);
  // How far the living paths were followed; worth nothing as soon as another head is looked at.
  let last: Walk | undefined;

  function begin(): Walk | undefined {
    const row = toRow(newest.get());
    if (!row) return undefined;
    const head = integer(row, 0);
    const tree = integer(row, 1);
    if (last?.head === head && last.tree === tree) return last;
    return { head, tree, living: toRows(living.all(tree, head)).map((path) => integer(path, 0)) };
  }

  /** Answers how many steps are left. */
  function follow(walk: Walk, steps: number): number {
    const { tree } = walk;
    let head: number | null = walk.head;
    let left = steps;
    for (; head !== null && left > 0; left -= 1) {
      const [nearest] = walk.living;
      if (nearest === undefined || nearest < head) head = messages.remove(head, tree);
      else if (nearest === head) head = null;
      else stepDown(walk);
    }
    if (head !== walk.head) drop.run(walk.head);
    if (head !== null && head !== walk.head) add.run(head, tree);
    last = head === null ? undefined : { ...walk, head };
    return left;
  }

  function stepDown({ tree, living: paths }: Walk): void {
    const from = paths.shift();
    const parent = from === undefined ? null : messages.parentOf(from, tree);
    if (parent === null || paths.includes(parent)) return;
    const at = paths.findIndex((path) => path < parent);
    paths.splice(at === -1 ? paths.length : at, 0, parent);
  }

  return {
    add(head, tree) {
      add.run(head, tree);
    },
    reclaim(steps) {
      let left = steps;
      while (left > 0) {
        const walk = begin();
        if (!walk) return false;
        left = follow(walk, left);
      }
      return true;
    },
  };
}
