import assert from 'node:assert/strict';
import { createParser } from 'eventsource-parser';
import type { ApiVersion } from '../../generated/operations.ts';
import { said } from './contract.ts';

/** One event of a stream as its client got it, its data parsed. */
export interface StreamEvent {
  name: string | undefined;
  id: string | undefined;
  data: Record<string, unknown> & { type: string };
}

/** Events seen so far, as `2026-03-01 chunk`. */
export const seenEvents = new Set<string>();

const terminal = new Set(['done', 'error', 'run.completed', 'run.failed']);

export function isTerminal({ data }: StreamEvent): boolean {
  return terminal.has(data.type);
}

/** Holds an event against the contract, and against those before it: ids count on, and nothing follows the end. */
export function observeEvent(date: ApiVersion, event: StreamEvent, before: readonly StreamEvent[]): void {
  const { name, id, data } = event;
  const validate = said[date].events[data.type];
  assert.ok(validate, `${date} has no event ${data.type}`);
  assert.ok(validate(data), `event ${data.type}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(data)}`);
  assert.equal(name, date === '2026-03-01' ? 'message' : data.type);
  const [run, number] = numberOf(event);
  const last = before.at(-1);
  assert.ok(!last || !isTerminal(last), `${data.type} after the terminal event`);
  if (last) {
    assert.equal(run, numberOf(last)[0], 'an event of another run');
    assert.ok(number > numberOf(last)[1], `id ${id} after ${last.id}`);
  }
  seenEvents.add(`${date} ${data.type}`);
}

/** A whole stream as text. */
export function observeStream(date: ApiVersion, text: string): StreamEvent[] {
  const events: StreamEvent[] = [];
  const parser = createParser({
    onEvent({ event: name, id, data }) {
      const event = { name, id, data: JSON.parse(data) };
      observeEvent(date, event, events);
      events.push(event);
    },
  });
  parser.feed(text);
  observeEnd(events);
  return events;
}

export function observeEnd(events: readonly StreamEvent[]): void {
  const last = events.at(-1);
  assert.ok(last && isTerminal(last), `a stream without a terminal event, after ${JSON.stringify(last)}`);
}

function numberOf({ id }: StreamEvent): [run: string, number: number] {
  const [, run, number] = /^(run_[0-9a-z]{26})\.([1-9]\d*)$/.exec(id ?? '') ?? assert.fail(`the id is ${id}`);
  return [run ?? '', Number(number)];
}
