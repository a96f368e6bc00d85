import type { Page, PageRequest, Session } from '../../core/ports/store.ts';
import type { Connection } from './connection.ts';
import { fromCursor, toCursor } from './cursors.ts';
import type { Branch } from './messages.ts';
import { integer, integerOrNull, type Row, text, textOf, textOrNull, toRow, toRows } from './rows.ts';

/** The sessions of each user, under names of that user's own, and where each stands in its tree of messages. */
export interface Sessions {
  userOf(name: string): number;
  /** To be called when a transaction was undone: a user that it made is not there. */
  forgetUsers(): void;
  find(user: string, name: string): PlacedSession | undefined;
  /** Only what a turn needs of it. */
  locate(user: string, name: string): Standing | undefined;
  list(user: string, page: PageRequest): Page<Session>;
  /** Makes a session that stands where it is told to. */
  create(user: number, name: string, place: Place, times: { created: number; updated: number }): Standing;
  createLike(origin: PlacedSession, name: string, now: number): void;
  /** Stands at another message of the same tree: all that most turns change of a session. */
  move(standing: Standing, now: number): void;
  /** Stands in another tree, or in none. */
  plant(standing: Standing, now: number): void;
  update(standing: Standing, settings: SessionSettings, now: number): void;
  remove(standing: Standing): void;
}

/** Where a session stands in its tree, and how many messages lead there. */
export interface Place extends Branch {
  count: number;
}

/** A session's number, its user's, and its place in the tree. */
export interface Standing extends Place {
  id: number;
  user: number;
}

export interface PlacedSession extends Standing {
  session: Session;
}

export interface SessionSettings {
  title: string | null;
  state: Session['state'];
  model: string | null;
  instructions: string | null;
}

/** Users are never removed, so that a number stays true. */
const usersKnown = 10_000;

const standing = 'h.session, h.user, h.tree, h.head, h.count';
const facts = 's.name, s.title, s.state, s.model, s.instructions, s.created, h.updated';
const byName = `
  FROM users u
  JOIN sessions s ON s.user = u.id AND s.name = ?2
  JOIN heads h ON h.session = s.id
  WHERE u.name = ?1
`;

export function createSessions({ prepare }: Connection): Sessions {
  const user = prepare('SELECT id FROM users WHERE name = ?');
  const addUser = prepare('INSERT INTO users (name) VALUES (?)');
  const find = prepare(`SELECT ${standing}, ${facts} ${byName}`);
  const locate = prepare(`SELECT ${standing} ${byName}`);
  const list = prepare(`
    SELECT ${standing}, ${facts}
    FROM users u
    JOIN heads h ON h.user = u.id
    JOIN sessions s ON s.id = h.session
    WHERE u.name = ?1 AND (h.updated, h.session) < (?2, ?3)
    ORDER BY h.updated DESC, h.session DESC
    LIMIT ?4
  `);
  const insert = prepare(`
    INSERT INTO sessions (user, name, title, state, model, instructions, created) VALUES (?, ?, ?, 'open', ?, ?, ?)
  `);
  const insertHead = prepare('INSERT INTO heads (session, user, tree, head, count, updated) VALUES (?, ?, ?, ?, ?, ?)');
  const share = prepare('UPDATE heads SET shared = 1 WHERE session IN (?, ?)');
  const move = prepare('UPDATE heads SET head = ?, count = ?, updated = ? WHERE session = ?');
  const plant = prepare('UPDATE heads SET tree = ?, head = ?, count = ?, updated = ? WHERE session = ?');
  const touch = prepare('UPDATE heads SET updated = ? WHERE session = ?');
  const update = prepare('UPDATE sessions SET title = ?, state = ?, model = ?, instructions = ? WHERE id = ?');
  const remove = prepare('DELETE FROM sessions WHERE id = ?');

  const users = new Map<string, number>();

  function userOf(name: string): number {
    const known = users.get(name);
    if (known !== undefined) return known;
    const row = toRow(user.get(name));
    const id = row ? integer(row, 0) : Number(addUser.run(name).lastInsertRowid);
    if (users.size >= usersKnown) users.clear();
    users.set(name, id);
    return id;
  }

  return {
    userOf,
    forgetUsers: () => users.clear(),
    find(userName, name) {
      const row = toRow(find.get(userName, name));
      return row && { ...toStanding(row), session: toSession(row) };
    },
    locate(userName, name) {
      const row = toRow(locate.get(userName, name));
      return row && toStanding(row);
    },
    list(userName, { limit, cursor }) {
      const [updated, id] =
        cursor === undefined ? [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] : fromCursor('sessions', cursor, 2);
      const rows = toRows(list.all(userName, updated ?? 0, id ?? 0, limit + 1));
      const items = rows.slice(0, limit).map(toSession);
      const last = rows[limit - 1];
      if (rows.length <= limit || !last) return { items };
      return { items, nextCursor: toCursor('sessions', [integer(last, 11), integer(last, 0)]) };
    },
    create(userId, name, { tree, head, count }, { created, updated }) {
      const id = Number(insert.run(userId, name, null, null, null, created).lastInsertRowid);
      insertHead.run(id, userId, tree, head, count, updated);
      return { id, user: userId, tree, head, count };
    },
    createLike({ id: origin, user: userId, tree, head, count, session }, name, now) {
      const { title, model, instructions } = session;
      const { lastInsertRowid: id } = insert.run(userId, name, title ?? null, model ?? null, instructions ?? null, now);
      insertHead.run(id, userId, tree, head, count, now);
      share.run(origin, id);
    },
    move({ id, head, count }, now) {
      move.run(head, count, now, id);
    },
    plant({ id, tree, head, count }, now) {
      plant.run(tree, head, count, now, id);
    },
    update({ id }, { title, state, model, instructions }, now) {
      update.run(title, state, model, instructions, id);
      touch.run(now, id);
    },
    remove({ id }) {
      remove.run(id);
    },
  };
}

function toStanding(row: Row): Standing {
  return {
    id: integer(row, 0),
    user: integer(row, 1),
    tree: integerOrNull(row, 2),
    head: integerOrNull(row, 3),
    count: integer(row, 4),
  };
}

function toSession(row: Row): Session {
  const title = textOrNull(row, 6);
  const model = textOrNull(row, 8);
  const instructions = textOrNull(row, 9);
  return {
    id: text(row, 5),
    ...(title === null ? {} : { title }),
    state: textOf(row, 7, ['open', 'closed']),
    ...(model === null ? {} : { model }),
    ...(instructions === null ? {} : { instructions }),
    messageCount: integer(row, 4),
    createdAt: integer(row, 10),
    updatedAt: integer(row, 11),
  };
}
