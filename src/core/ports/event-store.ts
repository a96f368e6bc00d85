import type { Chunk, ReplyTarget } from './channel.ts';
import type { Page, PageRequest } from './page.ts';

/**
 * The durable inbox and outbox of chat platforms: what was acknowledged is on the disk, what was answered is not answered
 * again. Part of the store, because an answer, its run and what is to be sent are one commit.
 */
export interface EventStore {
  /**
   * Stores events that were not seen before, with their dedupe keys. Durable. Answers the ids of those that are new; one
   * whose keys were all or partly seen is left out.
   */
  acceptEvents(events: readonly NewEvent[]): Promise<string[]>;
  /**
   * Pending events of a channel that are due, oldest first, never a later one of a conversation before an earlier. Marks
   * them `processing`. What it costs does not grow with what waits.
   */
  claimEvents(channel: string, now: number, limit: number): Promise<StoredEvent[]>;
  /**
   * The same of those, of whatever channel, that processes ended with three times. They are left out above: worked on one
   * at a time, the one that ends processes is told from those that were beside it.
   */
  claimSuspects(now: number, limit: number): Promise<StoredEvent[]>;
  /** Ends or postpones the work on an event. `answered` is not said here but with the turn (`TurnFinish.event`). */
  settleEvent(id: string, outcome: EventOutcome): Promise<void>;
  /** Answers an event without a run. Durable. */
  answerEvent(answer: EventAnswer, now: number): Promise<void>;
  /** Remembers the message that the answer is being streamed into. Durable, before its first edit. */
  rememberPlaceholder(eventId: string, message: string): Promise<void>;

  /** Deliveries of a channel that are due, never a later one of a conversation before an earlier. Marks them `sending`. */
  claimDeliveries(channel: string, now: number, limit: number): Promise<StoredDelivery[]>;
  settleDelivery(id: string, outcome: DeliveryOutcome): Promise<void>;

  getEvent(id: string): Promise<{ event: StoredEvent; deliveries: StoredDelivery[] } | null>;
  /** Newest first. */
  listEvents(filter: EventFilter, page: PageRequest): Promise<Page<StoredEvent>>;
  /** Makes a parked event, or the parked deliveries of an answered one, pending again. Null when there is no such event. */
  replayEvent(id: string, now: number): Promise<StoredEvent | null>;
  /** By channel: what waits, what came last and what failed last. */
  channelActivity(): Promise<ChannelActivity[]>;

  /** Who may talk. Answers what is known of the sender, and whether it was this event that made it known. */
  noteSender(note: SenderNote, now: number): Promise<Sender & { isNew: boolean }>;
  /** Lets it in, whether it has written before or not. */
  allowSender(channel: string, sender: string, now: number): Promise<void>;
  listSenders(channel: string): Promise<Sender[]>;
}

export interface NewEvent {
  id: string;
  channel: string;
  dedupeKeys: readonly string[];
  /** Until when the dedupe keys are kept: longer than the platform may send the event again. */
  dedupeUntil: number;
  platformId: string;
  conversation: string;
  conversationKind: 'direct' | 'group';
  /** The group, when the conversation is a thread in it. */
  group?: string;
  sender: { id: string; name?: string; isBot: boolean };
  text: string;
  target: ReplyTarget;
  receivedAt: number;
  /** Present when there is nothing to do about it. */
  ignored?: string;
}

export interface EventFilter {
  channel?: string;
  /** Of these channels only; absent means of all. */
  channels?: readonly string[];
  state?: EventState;
}

export type EventState =
  | 'pending'
  | 'processing'
  /** Its answer is committed, sent or not. */
  | 'answered'
  /** Nothing to do: own message, a bot's, not allowed, of no use. */
  | 'ignored'
  /** Failed for the last time; listed, and replayed when asked. */
  | 'parked';

export interface StoredEvent extends Omit<NewEvent, 'dedupeKeys' | 'dedupeUntil'> {
  state: EventState;
  attempts: number;
  /** How often a process ended while it worked on this. No attempts: the event need not have been the cause. */
  interruptions: number;
  dueAt: number;
  error?: string;
  runId?: string;
  placeholder?: string;
  endedAt?: number;
}

/**
 * A notice stands in for an answer that the user was shown to be coming. It goes before an answer that a replay brings, and
 * is forgotten with the replay if it was not sent by then.
 */
export type EventOutcome =
  /** `counted` says whether this was one of the event's tries. */
  | { state: 'pending'; dueAt: number; error: string; counted: boolean }
  | { state: 'parked'; error: string; now: number; notice?: NewDelivery }
  | { state: 'ignored'; reason: string; now: number; notice?: NewDelivery };

/** What answers an event: stored in one commit with the turn. */
export interface EventAnswer {
  eventId: string;
  deliveries: readonly NewDelivery[];
}

export interface NewDelivery {
  id: string;
  channel: string;
  target: ReplyTarget;
  chunk: Chunk;
  /** A message that is already there and becomes this chunk. */
  replaces?: string;
  dueAt: number;
}

export interface StoredDelivery extends NewDelivery {
  eventId: string;
  /** From 0 within its event; below it for a notice. */
  place: number;
  state: 'pending' | 'sending' | 'sent' | 'parked';
  attempts: number;
  /** True once the platform refused the formatting. */
  plain: boolean;
  error?: string;
  message?: string;
  endedAt?: number;
}

export type DeliveryOutcome =
  | { state: 'sent'; message: string; now: number }
  | { state: 'pending'; dueAt: number; error: string; plain: boolean }
  | { state: 'parked'; error: string; now: number };

export interface ChannelActivity {
  channel: string;
  /** Events and deliveries that wait. */
  queued: number;
  lastEventAt?: number;
  lastError?: string;
}

export interface SenderNote {
  channel: string;
  id: string;
  name: string | undefined;
  /** The event by which it is noted: worked on once more, it still is the one that made the sender known. */
  eventId: string;
}

export interface Sender {
  channel: string;
  id: string;
  name?: string;
  allowed: boolean;
  /** When it first wrote. */
  firstSeenAt: number;
}
