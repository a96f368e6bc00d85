/**
 * What goes out to chat platforms: rows of the store, sent in order until the platform has taken them. A send is tried
 * again until it is known to have been taken; where a platform cannot make that idempotent, the one send that was under
 * way in a crash may be seen twice, and nothing else.
 */
import { backoffMs } from './backoff.ts';
import type { Channels } from './channels.ts';
import { type Channel, SendError } from './ports/channel.ts';
import type { Clock } from './ports/clock.ts';
import type { DeliveryOutcome, EventStore, StoredDelivery } from './ports/event-store.ts';
import type { Log } from './ports/log.ts';
import type { Random } from './ports/random.ts';
import { createWorker, type Worker } from './worker.ts';

export interface OutboxParts {
  store: EventStore;
  channels: readonly Channel[];
  /** Told which platforms take our credentials. */
  states: Pick<Channels, 'refused' | 'succeeded'>;
  clock: Clock;
  random: Random;
  log: Log;
}

export interface OutboxSettings {
  retryOnFailure: boolean;
}

const sendWithinMs = 15_000;
const mostAttempts = 8;
const baseMs = 1000;
const capMs = 5 * 60_000;
const concurrency = 32;

export function createOutbox(parts: OutboxParts, settings: OutboxSettings): Worker {
  const { store, clock, random, log } = parts;
  const channels = new Map(parts.channels.map((channel) => [channel.manifest.name, channel]));

  async function send(delivery: StoredDelivery, stopped: AbortSignal): Promise<DeliveryOutcome> {
    const channel = channels.get(delivery.channel);
    if (!channel) return { state: 'parked', error: 'the channel is gone', now: clock.now() };
    const deadline = new AbortController();
    const timer = clock.after(sendWithinMs, () => deadline.abort(new SendError('unavailable', 'no answer in time')));
    const stop = () => deadline.abort(stopped.reason);
    stopped.addEventListener('abort', stop);
    try {
      const { message } = await put(channel, delivery, deadline.signal);
      parts.states.succeeded(delivery.channel);
      return { state: 'sent', message, now: clock.now() };
    } finally {
      timer.cancel();
      stopped.removeEventListener('abort', stop);
    }
  }

  async function put(channel: Channel, delivery: StoredDelivery, signal: AbortSignal): Promise<{ message: string }> {
    const { target, chunk, plain, id, place, replaces } = delivery;
    const outbound = { target, chunk, plain, deliveryId: id, first: place === 0 };
    if (replaces === undefined || !channel.edit) return channel.send(outbound, signal);
    await channel.edit({ ...outbound, message: replaces }, signal);
    return { message: replaces };
  }

  function afterFailure(delivery: StoredDelivery, error: SendError): DeliveryOutcome {
    const now = clock.now();
    const postpone = (waitMs: number, plain = delivery.plain): DeliveryOutcome => ({
      state: 'pending',
      dueAt: now + waitMs,
      error: error.message,
      plain,
    });
    const park: DeliveryOutcome = { state: 'parked', error: error.message, now };
    // A refused dialect is not a failed send: the plain text goes at once, and once.
    if (error.kind === 'formatting_refused' && !delivery.plain) return postpone(0, true);
    if (!settings.retryOnFailure || delivery.attempts >= mostAttempts) return park;
    switch (error.kind) {
      case 'rate_limited':
        return postpone(error.retryAfterMs ?? baseMs);
      case 'unavailable':
        return postpone(error.retryAfterMs ?? backoffMs(random, delivery.attempts, baseMs, capMs));
      case 'formatting_refused':
      case 'expired':
      case 'unauthorized':
      case 'refused':
        return park;
    }
  }

  return createWorker<StoredDelivery>({
    name: 'outbox',
    concurrency,
    clock,
    log,
    claim: (limit) => store.claimDeliveries(clock.now(), limit),
    async work(delivery, signal) {
      let outcome: DeliveryOutcome;
      try {
        outcome = await send(delivery, signal);
      } catch (error) {
        const fault =
          error instanceof SendError ? error : new SendError('unavailable', 'the send broke', { cause: error });
        if (fault.kind === 'unauthorized') parts.states.refused(delivery.channel);
        outcome = afterFailure(delivery, fault);
        log.warn(
          { deliveryId: delivery.id, channel: delivery.channel, outcome: outcome.state, error: fault },
          'a send failed',
        );
      }
      await store.settleDelivery(delivery.id, outcome);
    },
  });
}
