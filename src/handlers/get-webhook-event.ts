import type { Handler } from './handler.ts';
import { toWebhookEventDetail } from './to-webhook-event.ts';

export const getWebhookEvent: Handler<'getWebhookEvent'> = async ({ gateway }, { path }, reply) =>
  reply(200, toWebhookEventDetail(await gateway.webhooks.get(path.id)));
