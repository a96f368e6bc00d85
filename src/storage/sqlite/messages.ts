import type { Message, Part } from '../../core/message.ts';
import type { Connection } from './connection.ts';
import { integer, integerOrNull, json, type Row, text, textOf, textOrNull, toRow, toRows } from './rows.ts';
import { isParts } from './shapes.ts';

/**
 * Messages, each with its parent: a conversation is read from its newest message to its root. A message of one text is
 * stored as that text, any other as the JSON of its parts.
 */
export interface Messages {
  /** Answers where the message lies. */
  append(message: Message, runId: string, branch: Branch): number;
  /** Newest first, from `head` towards the root. */
  read(head: number, limit: number): PlacedMessage[];
  /** The message at a place, when it was this run that said it: places are used again when their messages are gone. */
  ofRun(place: number, runId: string): Message | undefined;
  isOfRun(place: number, runId: string, tree: number): boolean;
  isInTree(place: number, tree: number): boolean;
  /** Takes a message away and answers its parent; null at a root or where there is no message of this tree. */
  remove(place: number, tree: number): number | null;
  parentOf(place: number, tree: number): number | null;
  /** How many messages lead from the root to a place, both counted. */
  countTo(place: number): number;
}

/** Where a message is added: both null for the first of a tree. */
export interface Branch {
  tree: number | null;
  head: number | null;
}

export interface PlacedMessage {
  place: number;
  message: Message;
}

const columns = 'm.id, m.role, m.text, m.parts, m.run, m.model, m.created';

export function createMessages({ prepare }: Connection): Messages {
  const insert = prepare(
    'INSERT INTO messages (tree, parent, id, role, text, parts, run, model, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  // The path is found by numbers alone, so that texts are not copied on the way.
  const path = prepare(`
    WITH RECURSIVE path (place, parent, depth) AS (
      SELECT place, parent, 1 FROM messages WHERE place = ?1
      UNION ALL
      SELECT m.place, m.parent, depth + 1 FROM path JOIN messages m ON m.place = path.parent WHERE depth < ?2
    )
    SELECT ${columns}, m.place FROM path CROSS JOIN messages m ON m.place = path.place
  `);
  const count = prepare(`
    WITH RECURSIVE path (place, parent) AS (
      SELECT place, parent FROM messages WHERE place = ?
      UNION ALL
      SELECT m.place, m.parent FROM path JOIN messages m ON m.place = path.parent
    )
    SELECT count(*) FROM path
  `);
  const ofRun = prepare(`SELECT ${columns} FROM messages m WHERE place = ? AND run = ?`);
  const inTree = prepare('SELECT run, parent FROM messages WHERE place = ? AND coalesce(tree, place) = ?');
  const remove = prepare('DELETE FROM messages WHERE place = ? AND coalesce(tree, place) = ? RETURNING parent');

  return {
    append({ id, role, parts, model, createdAt }, runId, { tree, head }) {
      const plain = plainText(parts);
      const rich = plain === null ? JSON.stringify(parts) : null;
      return Number(insert.run(tree, head, id, role, plain, rich, runId, model ?? null, createdAt).lastInsertRowid);
    },
    read(head, limit) {
      return toRows(path.all(head, limit)).map((row) => ({ place: integer(row, 7), message: toMessage(row) }));
    },
    ofRun(place, runId) {
      const row = toRow(ofRun.get(place, runId));
      return row && toMessage(row);
    },
    isOfRun(place, runId, tree) {
      const row = toRow(inTree.get(place, tree));
      return row !== undefined && text(row, 0) === runId;
    },
    isInTree: (place, tree) => inTree.get(place, tree) !== undefined,
    remove(place, tree) {
      const row = toRow(remove.get(place, tree));
      return row ? integerOrNull(row, 0) : null;
    },
    parentOf(place, tree) {
      const row = toRow(inTree.get(place, tree));
      return row ? integerOrNull(row, 1) : null;
    },
    countTo(place) {
      const row = toRow(count.get(place));
      return row ? integer(row, 0) : 0;
    },
  };
}

/** A lone surrogate cannot be written as UTF-8, so only JSON brings it back. */
function plainText(parts: readonly Part[]): string | null {
  const [only] = parts;
  return parts.length === 1 && only?.type === 'text' && only.text.isWellFormed() ? only.text : null;
}

function toMessage(row: Row): Message {
  const plain = textOrNull(row, 2);
  const model = textOrNull(row, 5);
  return {
    id: text(row, 0),
    role: textOf(row, 1, ['user', 'assistant']),
    parts: plain === null ? json(text(row, 3), isParts) : [{ type: 'text', text: plain }],
    createdAt: integer(row, 6),
    runId: text(row, 4),
    ...(model === null ? {} : { model }),
  };
}
