/** Everything of chat platforms that is not a platform's own: what comes in, what becomes of it, and what goes out. */
import { GatewayError } from './errors.ts';
import { createEventWorker, type EventWorkerParts } from './event-worker.ts';
import { createInbox, type Inbox, type InboxParts } from './inbox.ts';
import { createLoopGuard } from './loop-guard.ts';
import { createOutbox, type OutboxParts } from './outbox.ts';
import type { EventFilter, StoredDelivery, StoredEvent } from './ports/event-store.ts';
import type { Page, PageRequest } from './ports/store.ts';
import { hasScopes, type Principal } from './principal.ts';
import { createSenders } from './senders.ts';

export interface Webhooks extends Inbox {
  /** Of the channels that act for this principal's user; `admin` sees all. */
  list(
    principal: Principal,
    filter: Pick<EventFilter, 'channel' | 'state'>,
    page: PageRequest,
  ): Promise<Page<StoredEvent>>;
  get(principal: Principal, id: string): Promise<EventDetail>;
  /** Works once more on what was parked. */
  replay(principal: Principal, id: string): Promise<EventDetail>;
  /** Begins to work on what is stored. */
  start(): void;
  /** Takes up no more work; what is under way gets `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

export interface EventDetail {
  event: StoredEvent;
  deliveries: StoredDelivery[];
}

export interface WebhooksSettings {
  verifySignature: boolean;
  retryOnFailure: boolean;
  /** By channel. */
  principals: ReadonlyMap<string, Principal>;
  /** By channel: who may talk without being asked for. */
  allowed: ReadonlyMap<string, readonly string[]>;
}

const leastGraceMs = 1000;

export type WebhooksParts = Omit<InboxParts, 'wake' | 'eased'> &
  OutboxParts &
  Omit<EventWorkerParts, 'principals' | 'senders' | 'guard' | 'wakeOutbox' | 'mayTake'>;

export function createWebhooks(parts: WebhooksParts, settings: WebhooksSettings): Webhooks {
  const { store, clock } = parts;
  const outbox = createOutbox(parts, settings);
  const events = createEventWorker(
    {
      ...parts,
      principals: settings.principals,
      senders: createSenders(store, settings.allowed),
      guard: createLoopGuard(),
      wakeOutbox: outbox.wake,
      mayTake: () => !inbox.isPressed(),
    },
    settings,
  );
  const inbox = createInbox({ ...parts, wake: events.wake, eased: () => events.wake() }, settings);

  /** The channels whose events are this principal's; undefined for all. */
  function channelsOf(principal: Principal): string[] | undefined {
    if (hasScopes(principal, ['admin'])) return undefined;
    return [...settings.principals].flatMap(([name, { user }]) => (user === principal.user ? [name] : []));
  }

  async function get(principal: Principal, id: string): Promise<EventDetail> {
    const found = await store.getEvent(id);
    const channels = channelsOf(principal);
    if (!found || (channels && !channels.includes(found.event.channel)))
      throw new GatewayError('NOT_FOUND', `There is no event ${id}.`);
    return found;
  }

  return {
    ...inbox,
    list(principal, filter, page) {
      const channels = channelsOf(principal);
      return store.listEvents(channels ? { ...filter, channels } : filter, page);
    },
    get,
    async replay(principal, id) {
      await get(principal, id);
      await store.replayEvent(id, clock.now());
      events.wake();
      outbox.wake();
      return get(principal, id);
    },
    start() {
      events.wake();
      outbox.wake();
    },
    async stop(graceMs) {
      const latest = clock.now() + graceMs;
      await events.stop(graceMs);
      // A send that is cut is sent again, so that those under way get a moment in any case.
      await outbox.stop(Math.max(leastGraceMs, latest - clock.now()));
    },
  };
}
