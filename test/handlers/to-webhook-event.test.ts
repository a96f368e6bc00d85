import assert from 'node:assert/strict';
import type { StoredDelivery, StoredEvent } from '../../src/core/ports/event-store.ts';
import { toWebhookEvent, toWebhookEventDetail } from '../../src/handlers/to-webhook-event.ts';

const at = Date.UTC(2026, 2, 10, 8, 30);
const target = { address: { token: 'secret' } };
const event: StoredEvent = {
  id: 'event_1',
  channel: 'telegram',
  platformId: 'p1',
  conversation: 'c1',
  conversationKind: 'direct',
  sender: { id: 'u1', isBot: false },
  text: 'hi',
  target,
  receivedAt: at,
  state: 'pending',
  attempts: 0,
  interruptions: 0,
  dueAt: at,
};
const delivery: StoredDelivery = {
  id: 'delivery_1',
  channel: 'telegram',
  target,
  chunk: { text: '*yes*', plain: 'yes' },
  dueAt: at,
  eventId: 'event_1',
  place: 0,
  state: 'pending',
  attempts: 0,
  plain: false,
};
const shown = {
  id: 'event_1',
  channel: 'telegram',
  state: 'pending',
  conversation: 'c1',
  sender: { id: 'u1' },
  text: 'hi',
  attempts: 0,
  receivedAt: '2026-03-10T08:30:00Z',
};

describe('an event of a channel, as an operator sees it:', () => {
  const cases: [name: string, event: StoredEvent, want: object][] = [
    ['one that waits', event, shown],
    [
      'one that was answered',
      {
        ...event,
        state: 'answered',
        sender: { id: 'u1', name: 'Ann', isBot: false },
        runId: 'run_1',
        endedAt: at + 1000,
      },
      {
        ...shown,
        state: 'answered',
        sender: { id: 'u1', name: 'Ann' },
        runId: 'run_1',
        endedAt: '2026-03-10T08:30:01Z',
      },
    ],
    [
      'one of no use',
      { ...event, state: 'ignored', ignored: 'a bot' },
      { ...shown, state: 'ignored', reason: 'a bot' },
    ],
    ['one that was parked', { ...event, state: 'parked', error: 'no' }, { ...shown, state: 'parked', error: 'no' }],
  ];
  for (const [name, given, want] of cases) it(name, () => assert.deepEqual(toWebhookEvent(given), want));

  it('with what is sent for it, and never where that goes', () => {
    const sent: StoredDelivery = {
      ...delivery,
      id: 'delivery_2',
      state: 'parked',
      attempts: 5,
      error: 'no',
      endedAt: at,
    };
    const detail = toWebhookEventDetail({ event, deliveries: [delivery, sent] });
    assert.deepEqual(detail, {
      ...shown,
      deliveries: [
        { id: 'delivery_1', state: 'pending', attempts: 0 },
        { id: 'delivery_2', state: 'parked', attempts: 5, error: 'no', endedAt: '2026-03-10T08:30:00Z' },
      ],
    });
    assert.doesNotMatch(JSON.stringify(detail), /secret/);
  });
});
