/**
 * Shows an answer while it is being made: a typing indicator, then a message that grows by edits where the platform can.
 * All of it may be dropped – what counts is sent from the outbox – but a message that was begun is remembered before its
 * first edit, so that the final text replaces it even after a crash.
 */
import { within } from './deadline.ts';
import { type Channel, type OutboundSend, SendError } from './ports/channel.ts';
import type { Clock, Timer } from './ports/clock.ts';
import type { EventStore, StoredEvent } from './ports/event-store.ts';
import type { Log } from './ports/log.ts';

export interface LiveReply {
  /** The next piece of the answer. Never waits. */
  show(text: string): void;
  /** Ends what is under way and answers what stands there. */
  settle(): Promise<Shown>;
}

export interface Shown {
  /** The message that the answer has to replace. */
  message?: string;
  /** The platform asked to be left alone until then. */
  notBefore?: number;
}

export interface LiveReplyParts {
  channel: Channel;
  store: EventStore;
  clock: Clock;
  log: Log;
}

const sendWithinMs = 15_000;

export function createLiveReply(parts: LiveReplyParts, event: StoredEvent, signal: AbortSignal): LiveReply {
  const { channel, store, clock, log } = parts;
  const { editEveryMs, typingEveryMs } = channel.manifest;
  const limit = { clock, milliseconds: sendWithinMs, late: () => new SendError('unavailable', 'no answer in time') };
  let placeholder = event.placeholder;
  let remembered = placeholder !== undefined;
  let text = '';
  let shown = '';
  /** The text that `shown` was made of: rendering may leave things out, so that the two are never compared. */
  let shownText = '';
  let ended = false;
  let notBefore = clock.now() + (editEveryMs ?? 0);
  let askedToWaitUntil: number | undefined;
  let working: Promise<void> = Promise.resolve();
  let busy = false;
  let editTimer: Timer | undefined;
  let typingTimer: Timer | undefined;

  function fail(error: unknown): void {
    log.debug({ eventId: event.id, error }, 'a live reply could not be shown');
    const waitMs = error instanceof SendError ? error.retryAfterMs : undefined;
    if (waitMs !== undefined) askedToWaitUntil = Math.max(clock.now() + waitMs, askedToWaitUntil ?? 0);
    notBefore = Math.max(askedToWaitUntil ?? 0, clock.now() + (editEveryMs ?? 0) * 4);
  }

  function type(): void {
    if (ended || placeholder !== undefined || typingEveryMs === undefined || !channel.typing) return;
    within(limit, signal, async (until) => channel.typing?.(event.target, until)).catch(fail);
    typingTimer = clock.after(typingEveryMs, type);
  }

  async function begin(outbound: OutboundSend, until: AbortSignal): Promise<string> {
    try {
      const { message } = await channel.send(outbound, until);
      return message;
    } catch (error) {
      // It may stand there all the same; another one would stand there for ever.
      if (!(error instanceof SendError) || error.kind === 'unavailable') ended = true;
      throw error;
    }
  }

  async function edit(): Promise<void> {
    const rendered = text;
    const [chunk] = channel.render(rendered);
    if (!chunk || chunk.text === shown) {
      shownText = rendered;
      return;
    }
    const outbound = { target: event.target, chunk, plain: false, deliveryId: `${event.id}.live`, first: true };
    await within(limit, signal, async (until) => {
      if (placeholder === undefined) placeholder = await begin(outbound, until);
      else if (remembered) await channel.edit?.({ ...outbound, message: placeholder }, until);
    });
    if (!remembered && placeholder !== undefined) await store.rememberPlaceholder(event.id, placeholder);
    remembered = true;
    shown = chunk.text;
    shownText = rendered;
  }

  function schedule(): void {
    if (ended || busy || editTimer || editEveryMs === undefined || !channel.edit) return;
    editTimer = clock.after(Math.max(0, notBefore - clock.now()), () => {
      editTimer = undefined;
      busy = true;
      notBefore = clock.now() + editEveryMs;
      working = edit()
        .catch(fail)
        .finally(() => {
          busy = false;
          if (text !== shownText) schedule();
        });
    });
  }

  type();
  return {
    show(piece) {
      text += piece;
      schedule();
    },
    async settle() {
      ended = true;
      editTimer?.cancel();
      typingTimer?.cancel();
      await working;
      return {
        ...(placeholder === undefined ? {} : { message: placeholder }),
        ...(askedToWaitUntil === undefined ? {} : { notBefore: askedToWaitUntil }),
      };
    },
  };
}
