import type { components } from '../../generated/types/2026-11-01.ts';
import type { StoredDelivery, StoredEvent } from '../core/ports/event-store.ts';
import type { EventDetail } from '../core/webhooks.ts';
import { toTimestamp } from './to-timestamp.ts';

type Schemas = components['schemas'];

/** An event as an operator may see it: where its answer goes stays inside, because that may be a secret. */
export function toWebhookEvent(event: StoredEvent): Schemas['WebhookEvent'] {
  const { id, channel, state, conversation, sender, text, attempts, ignored, error, runId, receivedAt, endedAt } =
    event;
  return {
    id,
    channel,
    state,
    conversation,
    sender: { id: sender.id, ...(sender.name === undefined ? {} : { name: sender.name }) },
    text,
    attempts,
    ...(ignored === undefined ? {} : { reason: ignored }),
    ...(error === undefined ? {} : { error }),
    ...(runId === undefined ? {} : { runId }),
    receivedAt: toTimestamp(receivedAt),
    ...(endedAt === undefined ? {} : { endedAt: toTimestamp(endedAt) }),
  };
}

export function toWebhookEventDetail({ event, deliveries }: EventDetail): Schemas['WebhookEventDetail'] {
  return { ...toWebhookEvent(event), deliveries: deliveries.map(toDelivery) };
}

function toDelivery({ id, state, attempts, error, endedAt }: StoredDelivery): Schemas['Delivery'] {
  return {
    id,
    state,
    attempts,
    ...(error === undefined ? {} : { error }),
    ...(endedAt === undefined ? {} : { endedAt: toTimestamp(endedAt) }),
  };
}
