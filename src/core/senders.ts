import type { EventStore, Sender, StoredEvent } from './ports/event-store.ts';

/**
 * Who may talk to a channel. Closed by default: an unknown sender is told once how to ask and is listed; the operator lets
 * it in by name, or everybody with `*`. In a direct conversation that is the person, in a group it is the group with all
 * its threads and whoever writes there: a person who was let in may not speak in groups for that, nor anybody directly
 * because a group was. A bot is only ever let in by its own name, and then everywhere.
 */
export interface Senders {
  admit(event: StoredEvent, now: number): Promise<Admittance>;
  allow(channel: string, sender: string, now: number): Promise<void>;
  list(channel: string): Promise<Sender[]>;
}

export type Admittance = { admitted: true } | { admitted: false; subject: string; isNew: boolean };

export function createSenders(store: EventStore, allowed: ReadonlyMap<string, readonly string[]>): Senders {
  return {
    async admit(event, now) {
      const subject = subjectOf(event);
      const list = allowed.get(event.channel) ?? [];
      // `*` means people.
      const everybody = !event.sender.isBot && list.includes('*');
      if (everybody || list.includes(subject)) return { admitted: true };
      const name = subject === event.sender.id ? event.sender.name : undefined;
      const sender = await store.noteSender({ channel: event.channel, id: subject, name, eventId: event.id }, now);
      return sender.allowed ? { admitted: true } : { admitted: false, subject, isNew: sender.isNew };
    },
    allow: (channel, sender, now) => store.allowSender(channel, sender, now),
    list: (channel) => store.listSenders(channel),
  };
}

function subjectOf({ sender, conversationKind, conversation, group = conversation }: StoredEvent): string {
  return sender.isBot || conversationKind === 'direct' ? sender.id : group;
}
