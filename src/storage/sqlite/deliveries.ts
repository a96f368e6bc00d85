import type { DeliveryOutcome, NewDelivery, StoredDelivery } from '../../core/ports/event-store.ts';
import type { Connection } from './connection.ts';
import type { PlacedEvent } from './events.ts';
import { integer, integerOrNull, json, type Row, text, textOf, textOrNull, toRow, toRows } from './rows.ts';
import { isTarget } from './shapes.ts';

/** What is to be sent to chat platforms, in order within each conversation. */
export interface Deliveries {
  /** An answer's parts. */
  add(event: PlacedEvent, deliveries: readonly NewDelivery[]): void;
  /** What stands in for an answer. */
  addNotice(event: PlacedEvent, notice: NewDelivery): void;
  claim(channel: string, now: number, limit: number): StoredDelivery[];
  settle(id: string, outcome: DeliveryOutcome): void;
  of(event: PlacedEvent): StoredDelivery[];
  /** Makes those of an event that were given up pending again. A notice is not: what it stood in for is to come. */
  restart(event: PlacedEvent, now: number): void;
  /**
   * Gives back what a process that is no more had taken. Nobody knows whether it was sent, so it waits a moment, and one
   * goes after another: a process that ends again soon has hardly any of them under way once more.
   */
  release(now: number): void;
}

const columns =
  'd.id, e.id, d.number, d.channel, d.target, d.text, d.plain_text, d.plain, d.replaces, d.state, d.attempts, d.due, d.error, d.message, d.ended';
/** Before every part of an answer. */
const noticeNumber = -1;
const uncertainMs = 1000;
const oneByOneMs = 250;
const states = ['pending', 'sending', 'sent', 'parked'] as const;

export function createDeliveries({ prepare }: Connection): Deliveries {
  const insert = prepare(`
    INSERT INTO deliveries (id, event, number, lane, channel, target, text, plain_text, plain, replaces, state, attempts, due)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 'pending', 0, ?)
  `);
  const due = prepare(`
    SELECT ${columns} FROM deliveries d INDEXED BY deliveries_ready CROSS JOIN events e ON e.place = d.event
    WHERE d.channel = ? AND d.due <= ? AND d.state = 'pending' AND d.front = 1 ORDER BY d.due, d.event, d.number LIMIT ?
  `);
  /** The first that is open comes to the front of its lane, unless one is there already. */
  const promote = prepare(`
    UPDATE deliveries SET front = 1 WHERE id = (
      SELECT id FROM deliveries INDEXED BY deliveries_open
      WHERE lane = ?1 AND state IN ('pending', 'sending') ORDER BY event, number LIMIT 1
    ) AND NOT EXISTS (
      SELECT 1 FROM deliveries INDEXED BY deliveries_front WHERE lane = ?1 AND front = 1 AND state IN ('pending', 'sending')
    )
  `);
  /** Makes room for what goes before it; what is being sent stays. */
  const stepBack = prepare(`
    UPDATE deliveries SET front = 0 WHERE id = (
      SELECT id FROM deliveries INDEXED BY deliveries_front WHERE lane = ? AND front = 1 AND state IN ('pending', 'sending')
    ) AND state = 'pending'
  `);
  const take = prepare("UPDATE deliveries SET state = 'sending', attempts = attempts + 1 WHERE id = ?");
  const sent = prepare(
    "UPDATE deliveries SET state = 'sent', message = ?, ended = ?, error = NULL WHERE id = ? RETURNING lane",
  );
  const postpone = prepare(
    "UPDATE deliveries SET state = 'pending', due = ?, error = ?, plain = ? WHERE id = ? RETURNING lane",
  );
  const park = prepare("UPDATE deliveries SET state = 'parked', error = ?, ended = ? WHERE id = ? RETURNING lane");
  // The rest of an answer whose beginning could not be sent makes no sense alone.
  const parkRest = prepare(`
    UPDATE deliveries SET state = 'parked', error = 'an earlier part could not be sent', ended = ?1
    WHERE state = 'pending' AND event = (SELECT event FROM deliveries WHERE id = ?2 AND number >= 0)
  `);
  const of = prepare(`
    SELECT ${columns} FROM deliveries d JOIN events e ON e.place = d.event WHERE d.event = ? ORDER BY d.number
  `);
  const restart = prepare(`
    UPDATE deliveries SET state = 'pending', front = 0, attempts = 0, plain = 0, due = ?, ended = NULL
    WHERE event = ? AND state = 'parked' AND number >= 0
  `);
  const forgetNotice = prepare("DELETE FROM deliveries WHERE event = ? AND number < 0 AND state <> 'sending'");
  const uncertain = prepare("SELECT id, lane FROM deliveries WHERE state = 'sending' ORDER BY event, number");
  const release = prepare("UPDATE deliveries SET state = 'pending', due = max(due, ?) WHERE id = ?");
  const exists = prepare('SELECT 1 FROM deliveries WHERE id = ?');

  function addFrom(placed: PlacedEvent, first: number, deliveries: readonly NewDelivery[]): void {
    const lane = laneOf(placed);
    for (const [index, { id, channel, target, chunk, replaces, dueAt }] of deliveries.entries()) {
      if (toRow(exists.get(id))) continue;
      const where = JSON.stringify(target);
      const place = first + index;
      insert.run(id, placed.place, place, lane, channel, where, chunk.text, chunk.plain, replaces ?? null, dueAt);
    }
    queue(lane);
  }

  /** Puts the right one in front where something came into the lane, perhaps before what stood there. */
  function queue(lane: string): void {
    stepBack.run(lane);
    promote.run(lane);
  }

  function again(pending: unknown): void {
    const row = toRow(pending);
    if (row) queue(text(row, 0));
  }

  function next(ended: unknown): void {
    const row = toRow(ended);
    if (row) promote.run(text(row, 0));
  }

  return {
    add: (event, deliveries) => addFrom(event, 0, deliveries),
    addNotice: (event, notice) => addFrom(event, noticeNumber, [notice]),
    claim: (channel, now, limit) =>
      toRows(due.all(channel, now, limit)).map((row) => {
        const delivery = toDelivery(row);
        take.run(delivery.id);
        return { ...delivery, state: 'sending', attempts: delivery.attempts + 1 };
      }),
    settle(id, outcome) {
      switch (outcome.state) {
        case 'sent':
          next(sent.get(outcome.message, outcome.now, id));
          return;
        case 'pending':
          again(postpone.get(outcome.dueAt, outcome.error, outcome.plain ? 1 : 0, id));
          return;
        case 'parked': {
          const lane = park.get(outcome.error, outcome.now, id);
          parkRest.run(outcome.now, id);
          next(lane);
        }
      }
    },
    of: ({ place }) => toRows(of.all(place)).map(toDelivery),
    restart(placed, now) {
      restart.run(now, placed.place);
      forgetNotice.run(placed.place);
      queue(laneOf(placed));
    },
    release(now) {
      for (const [index, row] of toRows(uncertain.all()).entries()) {
        release.run(now + uncertainMs + index * oneByOneMs, text(row, 0));
        queue(text(row, 1));
      }
    },
  };
}

function laneOf({ event }: PlacedEvent): string {
  return `${event.channel}\n${event.conversation}`;
}

function toDelivery(row: Row): StoredDelivery {
  const replaces = textOrNull(row, 8);
  const error = textOrNull(row, 12);
  const message = textOrNull(row, 13);
  const endedAt = integerOrNull(row, 14);
  return {
    id: text(row, 0),
    eventId: text(row, 1),
    place: integer(row, 2),
    channel: text(row, 3),
    target: json(text(row, 4), isTarget),
    chunk: { text: text(row, 5), plain: text(row, 6) },
    plain: integer(row, 7) === 1,
    ...(replaces === null ? {} : { replaces }),
    state: textOf(row, 9, states),
    attempts: integer(row, 10),
    dueAt: integer(row, 11),
    ...(error === null ? {} : { error }),
    ...(message === null ? {} : { message }),
    ...(endedAt === null ? {} : { endedAt }),
  };
}
