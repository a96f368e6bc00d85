/**
 * What chat platforms push: verified, stored, acknowledged, and only then worked on. An event is the promise of an
 * answer: its run and everything that is to be sent are one commit, so that a crash at any moment loses nothing and
 * answers nothing twice.
 */
import { GatewayError } from './errors.ts';
import type { Ids } from './ids.ts';
import type { Channel, InboundEvent, RawWebhook, WebhookAnswer } from './ports/channel.ts';
import type { Clock } from './ports/clock.ts';
import type { EventStore, NewEvent } from './ports/event-store.ts';
import type { Log } from './ports/log.ts';

export interface Inbox {
  /**
   * Takes a webhook and answers what the platform waits for, once the events are on the disk. Throws `NOT_FOUND` for a
   * channel that is not there or lacks its secrets, `UNAUTHORIZED` for what the platform did not send, and
   * `STORE_UNAVAILABLE`, so that the platform sends it again.
   */
  receive(channel: string, webhook: RawWebhook): Promise<WebhookAnswer>;
  /** So much is being stored at this moment that work on what is stored already has to wait. */
  isPressed(): boolean;
}

export interface InboxParts {
  store: EventStore;
  channels: readonly Channel[];
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Called when there is something new to work on. */
  wake: (channel: string) => void;
  /** Called when it is no longer pressed. */
  eased: () => void;
}

/** More than a quiet machine ever has at once. */
const pressing = 16;

export interface InboxSettings {
  verifySignature: boolean;
}

export function createInbox(parts: InboxParts, settings: InboxSettings): Inbox {
  const { store, clock, ids, log } = parts;
  let storing = 0;
  const channels = new Map(parts.channels.map((channel) => [channel.manifest.name, channel]));

  function verify(channel: Channel, webhook: RawWebhook): void {
    if (!settings.verifySignature) return;
    const verdict = channel.authenticate(webhook);
    if (verdict.accepted) return;
    // Whoever forges learns nothing of why it failed; whoever set it up wrong finds it here.
    log.warn({ channel: channel.manifest.name, reason: verdict.reason }, 'a webhook was refused');
    throw new GatewayError('UNAUTHORIZED', 'The signature is not valid.');
  }

  async function accept(events: readonly NewEvent[]): Promise<string[]> {
    storing += 1;
    try {
      return await store.acceptEvents(events);
    } finally {
      storing -= 1;
      if (storing === pressing) parts.eased();
    }
  }

  function toNewEvent(channel: Channel, event: InboundEvent): NewEvent {
    const now = clock.now();
    const { manifest } = channel;
    const { isSelf: _, ...sender } = event.sender;
    const ignored = event.kind === 'ignored' ? (event.reason ?? 'of no use') : undefined;
    return {
      id: ids.event(),
      channel: manifest.name,
      dedupeKeys: event.dedupeKeys,
      dedupeUntil: now + manifest.redeliversForMs,
      platformId: event.id,
      conversation: event.conversation,
      conversationKind: event.conversationKind,
      ...(event.group === undefined ? {} : { group: event.group }),
      sender,
      text: event.text,
      target: event.target,
      receivedAt: now,
      ...(ignored === undefined ? {} : { ignored }),
    };
  }

  return {
    isPressed: () => storing > pressing,
    async receive(name, webhook) {
      const channel = channels.get(name);
      if (!channel?.configured) throw new GatewayError('NOT_FOUND', 'There is nothing here.');
      verify(channel, webhook);
      const handshake = channel.handshake(webhook);
      if (handshake) return handshake;
      const events = channel.parse(webhook).map(withoutOwn);
      try {
        const accepted = await accept(events.map((event) => toNewEvent(channel, event)));
        if (accepted.length > 0) parts.wake(name);
      } catch (error) {
        if (!channel.apologize) throw error;
        log.error({ channel: name, error }, 'an event could not be stored');
        return channel.apologize();
      }
      return channel.acknowledge(events);
    },
  };
}

/** What we said ourselves is ignored from the first moment on, so that no acknowledgement promises an answer to it. */
function withoutOwn(event: InboundEvent): InboundEvent {
  return event.kind === 'message' && event.sender.isSelf ? { ...event, kind: 'ignored', reason: 'own message' } : event;
}
