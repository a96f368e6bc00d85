/**
 * A chat platform: a manifest, small pure functions for what comes in, and three for what goes out. The core does once what is
 * the same for all: size and time limits, storing before acknowledging, dedupe, lanes, the run, retries, and the order
 * of what is sent. It never asks a platform for its name.
 */
export interface Channel {
  readonly manifest: ChannelManifest;
  /** False when one of its secrets is missing: it is then `inactive` and takes nothing. */
  readonly configured: boolean;

  /**
   * Whether the platform itself sent this. Works on the raw bytes, in constant time, with every secret that is good at
   * this moment, so that one can be rotated. The reason is for the operator's log; the sender is never told.
   */
  authenticate(webhook: RawWebhook): Authentication;
  /** The answer to a handshake, such as a challenge; undefined for everything else. Asked after `authenticate`. */
  handshake(webhook: RawWebhook): WebhookAnswer | undefined;
  /** What happened. What we have no use for comes out as `ignored`, so that it is acknowledged all the same. */
  parse(webhook: RawWebhook): InboundEvent[];
  /** The success that the platform waits for; sent once the events are stored. */
  acknowledge(events: readonly InboundEvent[]): WebhookAnswer;
  /** What to say when they could not be stored, for a platform that does not retry. Absent means 503. */
  apologize?(): WebhookAnswer;

  /** Markdown as messages of the platform, each within its limit, in order. At least one. */
  render(markdown: string): Chunk[];
  /**
   * Sends one chunk. `deliveryId` is the same for every try: where the platform knows idempotent sends, it is passed
   * on. Throws a `SendError`.
   */
  send(send: OutboundSend, signal: AbortSignal): Promise<SentMessage>;
  /** Replaces a message that was sent. Absent where the platform cannot. */
  edit?(edit: OutboundSend & { message: string }, signal: AbortSignal): Promise<void>;
  /** Shows that an answer is being made. Absent where the platform cannot. */
  typing?(target: ReplyTarget, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface ChannelManifest {
  readonly name: string;
  /** Of one webhook. */
  readonly bodyLimit: number;
  readonly contentTypes: readonly string[];
  /** How long the platform waits for the acknowledgement, in milliseconds. */
  readonly acknowledgeWithinMs: number;
  /** How long the platform may send an event again, in milliseconds. */
  readonly redeliversForMs: number;
  /** Of one message, in the unit the platform counts in. */
  readonly textLimit: { readonly length: number; readonly unit: 'utf16' | 'characters' | 'bytes' };
  /** True when a send can be made idempotent by its delivery id. */
  readonly idempotentSend: boolean;
  /** True when the acknowledgement shows the user that an answer is coming, so that there has to be one. */
  readonly awaitsAnswer?: true;
  /** How often a typing indicator has to be shown again; absent when there is none. */
  readonly typingEveryMs?: number;
  /** The least time between two edits of a message; absent when messages cannot be edited. */
  readonly editEveryMs?: number;
}

/** A webhook as it arrived. */
export interface RawWebhook {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

export type Authentication = { accepted: true } | { accepted: false; reason: string };

export interface WebhookAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string;
}

export interface InboundEvent {
  readonly kind: 'message' | 'ignored';
  /** The platform's own id of the event. */
  readonly id: string;
  /** Every name under which the same thing may come again; one that was seen makes the event a duplicate. */
  readonly dedupeKeys: readonly string[];
  /** Why it is ignored. */
  readonly reason?: string;
  /** One lane and one session each: the conversation, or the thread in it. */
  readonly conversation: string;
  readonly conversationKind: 'direct' | 'group';
  /** The group, when the conversation is a thread in it: whoever lets a group in means all its threads. */
  readonly group?: string;
  readonly sender: { readonly id: string; readonly name?: string; readonly isBot: boolean; readonly isSelf: boolean };
  readonly text: string;
  /** Milliseconds since 1970, as the platform says. */
  readonly occurredAt?: number;
  readonly target: ReplyTarget;
}

/** Where an answer goes: whatever the channel needs, as JSON. It may hold a token, so it is never logged or shown. */
export interface ReplyTarget {
  readonly address: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; afterwards the platform takes no answer there. */
  readonly expiresAt?: number;
}

export interface Chunk {
  /** In the platform's dialect. */
  readonly text: string;
  /** The same without any formatting, for a platform that refuses the dialect. */
  readonly plain: string;
}

export interface OutboundSend {
  readonly target: ReplyTarget;
  readonly chunk: Chunk;
  /** True sends the plain text. */
  readonly plain: boolean;
  readonly deliveryId: string;
  /** True for the first chunk of an answer, which may replace a placeholder such as Discord's deferral. */
  readonly first: boolean;
}

export interface SentMessage {
  /** The platform's id of the message, for edits. */
  readonly message: string;
}

export class SendError extends Error {
  readonly kind: SendFault;
  /** Milliseconds that the platform asked us to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: SendFault, message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'SendError';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export type SendFault =
  /** 429: not before `retryAfterMs`. */
  | 'rate_limited'
  /** No connection, a 5xx: later. */
  | 'unavailable'
  /** The platform cannot read the formatting: plain text may do, once. */
  | 'formatting_refused'
  /** The reply handle is past its time. */
  | 'expired'
  /** Our credentials are not good: an operator has to look. */
  | 'unauthorized'
  /** It will never be taken. */
  | 'refused';
