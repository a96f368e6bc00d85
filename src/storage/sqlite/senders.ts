import type { Sender, SenderNote } from '../../core/ports/event-store.ts';
import type { Connection } from './connection.ts';
import { integer, type Row, text, textOrNull, toRow, toRows } from './rows.ts';

/** Who wrote to a channel, and who may. */
export interface Senders {
  note(note: SenderNote, now: number): Sender & { isNew: boolean };
  allow(channel: string, id: string, now: number): void;
  list(channel: string): Sender[];
}

const columns = 'channel, id, name, allowed, first_seen, event';

export function createSenders({ prepare }: Connection): Senders {
  const find = prepare(`SELECT ${columns} FROM senders WHERE channel = ? AND id = ?`);
  const insert = prepare(`INSERT INTO senders (${columns}) VALUES (?, ?, ?, 0, ?, ?)`);
  const allow = prepare(`
    INSERT INTO senders (${columns}) VALUES (?, ?, NULL, 1, ?, NULL) ON CONFLICT DO UPDATE SET allowed = 1
  `);
  const list = prepare(`SELECT ${columns} FROM senders WHERE channel = ? ORDER BY first_seen DESC, id`);

  return {
    note({ channel, id, name, eventId }, now) {
      const row = toRow(find.get(channel, id));
      if (row) return { ...toSender(row), isNew: textOrNull(row, 5) === eventId };
      insert.run(channel, id, name ?? null, now, eventId);
      return { channel, id, ...(name === undefined ? {} : { name }), allowed: false, firstSeenAt: now, isNew: true };
    },
    allow(channel, id, now) {
      allow.run(channel, id, now);
    },
    list: (channel) => toRows(list.all(channel)).map(toSender),
  };
}

function toSender(row: Row): Sender {
  const name = textOrNull(row, 2);
  return {
    channel: text(row, 0),
    id: text(row, 1),
    ...(name === null ? {} : { name }),
    allowed: integer(row, 3) === 1,
    firstSeenAt: integer(row, 4),
  };
}
