/**
 * Shows an answer while it is being made: a typing indicator, then a message that grows by edits where the platform can.
 * All of it may be dropped – what counts is sent from the outbox – but a message that was begun is remembered before its
 * first edit, so that the final text replaces it even after a crash.
 */
import { type Channel, SendError } from './ports/channel.ts';
import type { Clock, Timer } from './ports/clock.ts';
import type { EventStore, StoredEvent } from './ports/event-store.ts';
import type { Log } from './ports/log.ts';

export interface LiveReply {
  /** The next piece of the answer. Never waits. */
  show(text: string): void;
  /** Ends what is under way and answers the message that stands there, if one does. */
  settle(): Promise<string | undefined>;
}

export interface LiveReplyParts {
  channel: Channel;
  store: EventStore;
  clock: Clock;
  log: Log;
}

export function createLiveReply(parts: LiveReplyParts, event: StoredEvent, signal: AbortSignal): LiveReply {
  const { channel, store, clock, log } = parts;
  const { editEveryMs, typingEveryMs } = channel.manifest;
  let placeholder = event.placeholder;
  let text = '';
  let shown = '';
  let ended = false;
  let notBefore = clock.now() + (editEveryMs ?? 0);
  let working: Promise<void> = Promise.resolve();
  let busy = false;
  let editTimer: Timer | undefined;
  let typingTimer: Timer | undefined;

  function fail(error: unknown): void {
    const fault = error instanceof SendError ? error : undefined;
    // Edits are droppable, and the wait the platform asked for also holds for them.
    notBefore = clock.now() + (fault?.retryAfterMs ?? (editEveryMs ?? 0) * 4);
    log.debug({ eventId: event.id, error }, 'a live reply could not be shown');
  }

  function type(): void {
    if (ended || placeholder !== undefined || typingEveryMs === undefined || !channel.typing) return;
    channel.typing(event.target, signal).catch(fail);
    typingTimer = clock.after(typingEveryMs, type);
  }

  async function edit(): Promise<void> {
    const [chunk] = channel.render(text);
    if (!chunk || chunk.text === shown) return;
    const outbound = { target: event.target, chunk, plain: false, deliveryId: `${event.id}.live`, first: true };
    if (placeholder === undefined) {
      const { message } = await channel.send(outbound, signal);
      await store.rememberPlaceholder(event.id, message);
      placeholder = message;
    } else await channel.edit?.({ ...outbound, message: placeholder }, signal);
    shown = chunk.text;
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
          if (text !== shown) schedule();
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
      return placeholder;
    },
  };
}
