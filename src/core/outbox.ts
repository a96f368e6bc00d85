/**
 * What goes out to chat platforms: rows of the store, sent in order until the platform has taken them. A send is tried
 * again until it is known to have been taken. Where a platform cannot make that idempotent, a send that was under way in
 * a crash may be seen twice: of each conversation at most one, of each channel as many as it has places, and nothing else.
 */
import { backoffMs } from './backoff.ts';
import type { Channels } from './channels.ts';
import { within } from './deadline.ts';
import { type Channel, SendError } from './ports/channel.ts';
import type { Clock } from './ports/clock.ts';
import type { DeliveryOutcome, EventStore, StoredDelivery } from './ports/event-store.ts';
import type { Log } from './ports/log.ts';
import type { Random } from './ports/random.ts';
import { createWorker, joinWorkers, type Worker, type Workers } from './worker.ts';

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
/**
 * Each channel has places of its own: a platform that hangs takes none from the others. Where a send cannot be made
 * idempotent they are few, because those under way in a crash are what may be seen twice.
 */
const placesOfChannel = 16;
const placesOfUncertain = 4;

export function createOutbox(parts: OutboxParts, settings: OutboxSettings): Workers {
  const { store, clock, random, log } = parts;
  const channels = new Map(parts.channels.map((channel) => [channel.manifest.name, channel]));

  async function send(delivery: StoredDelivery, stopped: AbortSignal): Promise<DeliveryOutcome> {
    const channel = channels.get(delivery.channel);
    if (!channel) return { state: 'parked', error: 'the channel is gone', now: clock.now() };
    const limit = { clock, milliseconds: sendWithinMs, late: () => new SendError('unavailable', 'no answer in time') };
    const { message } = await within(limit, stopped, (signal) => put(channel, delivery, signal));
    parts.states.succeeded(delivery.channel);
    return { state: 'sent', message, now: clock.now() };
  }

  async function put(channel: Channel, delivery: StoredDelivery, signal: AbortSignal): Promise<{ message: string }> {
    const { target, chunk, plain, id, place, replaces } = delivery;
    const outbound = { target, chunk, plain, deliveryId: id, first: place <= 0 };
    if (replaces === undefined || !channel.edit) return channel.send(outbound, signal);
    try {
      await channel.edit({ ...outbound, message: replaces }, signal);
      return { message: replaces };
    } catch (error) {
      // Somebody has deleted the message that was to become the answer; the answer is sent all the same.
      if (error instanceof SendError && error.kind === 'refused') return channel.send(outbound, signal);
      throw error;
    }
  }

  function afterFailure(delivery: StoredDelivery, error: SendError, stopped: AbortSignal): DeliveryOutcome {
    const now = clock.now();
    const postpone = (waitMs: number, plain = delivery.plain): DeliveryOutcome => ({
      state: 'pending',
      dueAt: now + waitMs,
      error: error.message,
      plain,
    });
    const park: DeliveryOutcome = { state: 'parked', error: error.message, now };
    // A stop is nobody's failure.
    if (stopped.aborted) return postpone(0);
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

  async function work(delivery: StoredDelivery, stopped: AbortSignal): Promise<DeliveryOutcome> {
    try {
      return await send(delivery, stopped);
    } catch (thrown) {
      const error =
        thrown instanceof SendError ? thrown : new SendError('unavailable', 'the send broke', { cause: thrown });
      if (error.kind === 'unauthorized') parts.states.refused(delivery.channel);
      const outcome = afterFailure(delivery, error, stopped);
      log.warn({ deliveryId: delivery.id, channel: delivery.channel, outcome: outcome.state, error }, 'a send failed');
      return outcome;
    }
  }

  const workerOf = ({ manifest: { name, idempotentSend } }: Channel): Worker =>
    createWorker({
      name: `outbox of ${name}`,
      concurrency: idempotentSend ? placesOfChannel : placesOfUncertain,
      clock,
      log,
      claim: (limit) => store.claimDeliveries(name, clock.now(), limit),
      work,
      settle: (delivery, outcome) => store.settleDelivery(delivery.id, outcome),
    });

  return joinWorkers(new Map(parts.channels.map((channel) => [channel.manifest.name, workerOf(channel)])));
}
