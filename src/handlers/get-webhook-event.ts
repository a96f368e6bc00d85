import type { Handler } from './handler.ts';
import { toWebhookEventDetail } from './to-webhook-event.ts';

export const getWebhookEvent: Handler<'getWebhookEvent'> = async ({ gateway, principal }, { path }, reply) =>
  reply(200, toWebhookEventDetail(await gateway.webhooks.get(principal, path.id)));
