import type {
  ChannelActivity,
  EventFilter,
  EventOutcome,
  NewEvent,
  StoredEvent,
} from '../../core/ports/event-store.ts';
import type { Page, PageRequest } from '../../core/ports/store.ts';
import type { Connection } from './connection.ts';
import { fromCursor, toCursor } from './cursors.ts';
import { integer, integerOrNull, json, type Row, text, textOf, textOrNull, toRow, toRows } from './rows.ts';
import { isSender, isTarget } from './shapes.ts';

/** What chat platforms pushed, in the order it came. */
export interface Events {
  /** Answers the ids of those that were not seen before. */
  accept(events: readonly NewEvent[]): string[];
  claim(channel: string, now: number, limit: number): StoredEvent[];
  claimSuspects(now: number, limit: number): StoredEvent[];
  /** Answers its place when this ended it. */
  settle(id: string, outcome: EventOutcome): PlacedEvent | undefined;
  /** Its answer is stored; `run` is what made it. Answers its place. */
  answer(id: string, run: string | null, now: number): PlacedEvent | undefined;
  rememberPlaceholder(id: string, message: string): void;
  find(id: string): PlacedEvent | undefined;
  list(filter: EventFilter, page: PageRequest): Page<StoredEvent>;
  restart(id: string, now: number): void;
  activity(): ChannelActivity[];
  /** Gives back what a process that is no more had taken. */
  release(): void;
}

export interface PlacedEvent {
  place: number;
  event: StoredEvent;
}

const columns =
  'place, id, channel, platform_id, conversation, kind, sender, text, target, received, state, reason, error, attempts, due, run, placeholder, ended, group_id, interruptions';
const states = ['pending', 'processing', 'answered', 'ignored', 'parked'] as const;
/** Names that have expired, and events that ended long ago, go some at a time as new ones come. */
const cleanedAtOnce = 64;
const cleanedEvery = 16;
const keptMs = 30 * 24 * 60 * 60 * 1000;

export function createEvents({ prepare }: Connection): Events {
  // One past its time is as good as never seen.
  const see = prepare(`
    INSERT INTO seen (channel, name, until) VALUES (?1, ?2, ?3)
    ON CONFLICT DO UPDATE SET until = excluded.until WHERE until <= ?4
  `);
  const forget = prepare(
    'DELETE FROM seen WHERE (channel, name) IN (SELECT channel, name FROM seen WHERE until <= ? LIMIT ?)',
  );
  const clean = prepare(
    'DELETE FROM events WHERE place IN (SELECT place FROM events ORDER BY place LIMIT ?) AND ended <= ?',
  );
  const insert = prepare(`
    INSERT INTO events (id, channel, platform_id, conversation, kind, group_id, sender, text, target, received, state, reason, attempts, due, ended, front)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, ?13, ?14, ?11 = 'pending' AND NOT EXISTS (
      SELECT 1 FROM events WHERE channel = ?2 AND conversation = ?4 AND state IN ('pending', 'processing')
    ))
  `);
  const due = prepare(`
    SELECT ${columns} FROM events INDEXED BY events_ready
    WHERE channel = ? AND due <= ? AND state = 'pending' AND front = 1 AND interruptions < 3 ORDER BY due, place LIMIT ?
  `);
  const suspect = prepare(`
    SELECT ${columns} FROM events INDEXED BY events_suspect
    WHERE due <= ? AND state = 'pending' AND front = 1 AND interruptions >= 3 ORDER BY due, place LIMIT ?
  `);
  /** The first that is open comes to the front of its conversation, unless one is there already. */
  const promote = prepare(`
    UPDATE events SET front = 1 WHERE place = (
      SELECT min(place) FROM events INDEXED BY events_open
      WHERE channel = ?1 AND conversation = ?2 AND state IN ('pending', 'processing')
    ) AND NOT EXISTS (
      SELECT 1 FROM events INDEXED BY events_front
      WHERE channel = ?1 AND conversation = ?2 AND front = 1 AND state IN ('pending', 'processing')
    )
  `);
  /** Makes room for one that came before it and is open again; what is being worked on stays. */
  const stepBack = prepare(`
    UPDATE events SET front = 0 WHERE place = (
      SELECT place FROM events INDEXED BY events_front
      WHERE channel = ? AND conversation = ? AND front = 1 AND state IN ('pending', 'processing')
    ) AND state = 'pending'
  `);
  const take = prepare("UPDATE events SET state = 'processing', attempts = attempts + 1 WHERE place = ?");
  const postpone = prepare(`
    UPDATE events SET state = 'pending', due = ?, error = ?, attempts = attempts - ? WHERE id = ? AND state = 'processing'
    RETURNING ${columns}
  `);
  const end = prepare(`
    UPDATE events SET state = ?, reason = ?, error = coalesce(?, error), ended = ? WHERE id = ? AND state = 'processing'
    RETURNING ${columns}
  `);
  const answer = prepare(`
    UPDATE events SET state = 'answered', run = ?, ended = ? WHERE id = ? AND state = 'processing' RETURNING ${columns}
  `);
  const remember = prepare('UPDATE events SET placeholder = ? WHERE id = ?');
  const find = prepare(`SELECT ${columns} FROM events WHERE id = ?`);
  const list = prepare(`
    SELECT ${columns} FROM events WHERE (?1 IS NULL OR channel = ?1) AND (?2 IS NULL OR state = ?2) AND place < ?3
      AND (?5 IS NULL OR channel IN (SELECT value FROM json_each(?5)))
    ORDER BY place DESC LIMIT ?4
  `);
  const restart = prepare(`
    UPDATE events SET state = 'pending', attempts = 0, interruptions = 0, front = 0, due = ?, ended = NULL
    WHERE id = ? AND state = 'parked' RETURNING ${columns}
  `);
  const release = prepare(`
    UPDATE events SET state = 'pending', attempts = attempts - 1, interruptions = interruptions + 1
    WHERE state = 'processing' RETURNING ${columns}
  `);
  const activity = prepare(`
    WITH RECURSIVE channels (channel) AS (
      SELECT min(channel) FROM events
      UNION ALL SELECT (SELECT min(channel) FROM events WHERE channel > c.channel) FROM channels c WHERE c.channel IS NOT NULL
    )
    SELECT c.channel,
      (SELECT count(*) FROM events INDEXED BY events_open WHERE channel = c.channel AND state IN ('pending', 'processing')),
      (SELECT count(*) FROM deliveries INDEXED BY deliveries_open
        WHERE lane > c.channel || char(10) AND lane < c.channel || char(11) AND state IN ('pending', 'sending')),
      (SELECT received FROM events WHERE channel = c.channel ORDER BY place DESC LIMIT 1),
      (SELECT error FROM events WHERE channel = c.channel AND error IS NOT NULL ORDER BY place DESC LIMIT 1)
    FROM channels c WHERE c.channel IS NOT NULL
  `);

  function isNew({ channel, dedupeKeys, dedupeUntil, receivedAt }: NewEvent): boolean {
    // All names are noted, also those of a duplicate: the next one may come under any of them.
    const fresh = dedupeKeys.map((name) => see.run(channel, name, dedupeUntil, receivedAt).changes !== 0);
    return !fresh.includes(false);
  }

  let untilCleaned = 0;
  function cleanUp(now: number): void {
    untilCleaned -= 1;
    if (untilCleaned > 0) return;
    untilCleaned = cleanedEvery;
    forget.run(now, cleanedAtOnce);
    clean.run(cleanedAtOnce, now - keptMs);
  }

  function taken(rows: Row[]): StoredEvent[] {
    return rows.map((row) => {
      take.run(integer(row, 0));
      const event = toEvent(row);
      return { ...event, state: 'processing', attempts: event.attempts + 1 };
    });
  }

  /** An event that is no longer open makes room for the next of its conversation. */
  function ended(row: unknown): PlacedEvent | undefined {
    const placed = toPlaced(row);
    if (placed) promote.run(placed.event.channel, placed.event.conversation);
    return placed;
  }

  /** An event that is pending again may come before the one in front, or be in front before an earlier one. */
  function queue(row: unknown): void {
    const placed = toPlaced(row);
    if (!placed) return;
    const { channel, conversation } = placed.event;
    stepBack.run(channel, conversation);
    promote.run(channel, conversation);
  }

  function toPlaced(found: unknown): PlacedEvent | undefined {
    const row = toRow(found);
    return row && { place: integer(row, 0), event: toEvent(row) };
  }

  return {
    accept(events) {
      const accepted: string[] = [];
      for (const event of events) {
        if (!isNew(event)) continue;
        cleanUp(event.receivedAt);
        const { id, channel, platformId, conversation, conversationKind, group, sender, target, receivedAt, ignored } =
          event;
        insert.run(
          id,
          channel,
          platformId,
          conversation,
          conversationKind,
          group ?? null,
          JSON.stringify(sender),
          event.text,
          JSON.stringify(target),
          receivedAt,
          ignored === undefined ? 'pending' : 'ignored',
          ignored ?? null,
          receivedAt,
          ignored === undefined ? null : receivedAt,
        );
        if (ignored === undefined) accepted.push(id);
      }
      return accepted;
    },
    claim: (channel, now, limit) => taken(toRows(due.all(channel, now, limit))),
    claimSuspects: (now, limit) => taken(toRows(suspect.all(now, limit))),
    settle(id, outcome) {
      switch (outcome.state) {
        case 'pending':
          queue(postpone.get(outcome.dueAt, outcome.error, outcome.counted ? 0 : 1, id));
          return undefined;
        case 'parked':
          return ended(end.get('parked', null, outcome.error, outcome.now, id));
        case 'ignored':
          return ended(end.get('ignored', outcome.reason, null, outcome.now, id));
      }
    },
    answer: (id, run, now) => ended(answer.get(run, now, id)),
    rememberPlaceholder(id, message) {
      remember.run(message, id);
    },
    find: (id) => toPlaced(find.get(id)),
    list({ channel, channels, state }, { limit, cursor }) {
      const [before] = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : fromCursor('events', cursor, 1);
      const only = channels ? JSON.stringify(channels) : null;
      const rows = toRows(list.all(channel ?? null, state ?? null, before ?? 0, limit + 1, only));
      const items = rows.slice(0, limit).map(toEvent);
      const last = rows[limit - 1];
      return rows.length <= limit || !last ? { items } : { items, nextCursor: toCursor('events', [integer(last, 0)]) };
    },
    restart(id, now) {
      queue(restart.get(now, id));
    },
    activity: () =>
      toRows(activity.all()).map((row) => {
        const lastEventAt = integerOrNull(row, 3);
        const lastError = textOrNull(row, 4);
        return {
          channel: text(row, 0),
          queued: integer(row, 1) + integer(row, 2),
          ...(lastEventAt === null ? {} : { lastEventAt }),
          ...(lastError === null ? {} : { lastError }),
        };
      }),
    release() {
      for (const row of toRows(release.all())) queue(row);
    },
  };
}

function toEvent(row: Row): StoredEvent {
  const ignored = textOrNull(row, 11);
  const error = textOrNull(row, 12);
  const runId = textOrNull(row, 15);
  const placeholder = textOrNull(row, 16);
  const endedAt = integerOrNull(row, 17);
  const group = textOrNull(row, 18);
  return {
    id: text(row, 1),
    channel: text(row, 2),
    platformId: text(row, 3),
    conversation: text(row, 4),
    conversationKind: textOf(row, 5, ['direct', 'group'] as const),
    ...(group === null ? {} : { group }),
    sender: json(text(row, 6), isSender),
    text: text(row, 7),
    target: json(text(row, 8), isTarget),
    receivedAt: integer(row, 9),
    state: textOf(row, 10, states),
    ...(ignored === null ? {} : { ignored }),
    ...(error === null ? {} : { error }),
    attempts: integer(row, 13),
    interruptions: integer(row, 19),
    dueAt: integer(row, 14),
    ...(runId === null ? {} : { runId }),
    ...(placeholder === null ? {} : { placeholder }),
    ...(endedAt === null ? {} : { endedAt }),
  };
}
