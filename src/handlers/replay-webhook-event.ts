import type { Handler } from './handler.ts';
import { toWebhookEventDetail } from './to-webhook-event.ts';

export const replayWebhookEvent: Handler<'replayWebhookEvent'> = async ({ gateway, principal }, { path }, reply) =>
  reply(200, toWebhookEventDetail(await gateway.webhooks.replay(principal, path.id)));
