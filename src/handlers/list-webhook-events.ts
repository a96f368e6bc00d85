import type { Handler } from './handler.ts';
import { fromPageQuery, toPage } from './page.ts';
import { toWebhookEvent } from './to-webhook-event.ts';

export const listWebhookEvents: Handler<'listWebhookEvents'> = async ({ gateway, principal }, { query }, reply) => {
  const { channel, state, ...page } = query;
  const filter = { ...(channel === undefined ? {} : { channel }), ...(state === undefined ? {} : { state }) };
  return reply(200, toPage(await gateway.webhooks.list(principal, filter, fromPageQuery(page)), toWebhookEvent));
};
