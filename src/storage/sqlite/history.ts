import type { Message } from '../../core/message.ts';
import type { Page, PageRequest } from '../../core/ports/store.ts';
import { fromCursor, refuseCursor, toCursor } from './cursors.ts';
import type { Messages } from './messages.ts';
import type { Sessions } from './sessions.ts';

/** A session's messages a page at a time, newest first. */
export interface History {
  page(user: string, sessionId: string, page: PageRequest): Page<Message> | null;
}

export function createHistory(sessions: Sessions, messages: Messages): History {
  return {
    page(user, sessionId, { limit, cursor }) {
      const standing = sessions.locate(user, sessionId);
      if (!standing) return null;
      const start = cursor === undefined ? standing.head : goOn(standing.tree, cursor);
      if (start === null) return { items: [] };
      const found = messages.read(start, limit + 1);
      const items = found.slice(0, limit).map(({ message }) => message);
      const next = found[limit];
      return next ? { items, nextCursor: toCursor('messages', [next.place]) } : { items };
    },
  };

  /** A cursor is anybody's to write, so it leads nowhere but into the tree of the session that it is shown for. */
  function goOn(tree: number | null, cursor: string): number {
    const [place] = fromCursor('messages', cursor, 1);
    if (place === undefined || tree === null || !messages.isInTree(place, tree)) return refuseCursor();
    return place;
  }
}
