import type { EventAnswer, NewEvent } from '../../src/core/ports/event-store.ts';

let made = 0;

/** Something that somebody wrote to a channel. Every id is new. */
export function eventOf(more: Partial<NewEvent> = {}): NewEvent {
  made += 1;
  const id = more.id ?? `evt_${String(made).padStart(8, '0')}`;
  return {
    id,
    channel: 'telegram',
    dedupeKeys: [`update:${made}`],
    dedupeUntil: 1_000_000,
    platformId: String(made),
    conversation: 'home',
    conversationKind: 'direct',
    sender: { id: '7', name: 'Ann', isBot: false },
    text: `question ${made}`,
    target: { address: { chat: '42' } },
    receivedAt: 1000,
    ...more,
  };
}

/** So many chunks as an answer. */
export function answerTo({ id, channel, target }: NewEvent, chunks = 1, dueAt = 1000): EventAnswer {
  return {
    eventId: id,
    deliveries: Array.from({ length: chunks }, (_, place) => ({
      id: `${id}.${place}`,
      channel,
      target,
      chunk: { text: `<b>${place}</b>`, plain: String(place) },
      dueAt,
    })),
  };
}
