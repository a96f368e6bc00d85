import type { WebhookAnswer } from '../core/ports/channel.ts';
import type { Context } from './handler.ts';

/** Hands a webhook to its channel; the answer is in the platform's own words. */
export async function receiveFrom(channel: string, { gateway, webhook }: Context): Promise<WebhookAnswer> {
  if (!webhook) throw new Error('the operation needs the body as it is');
  return gateway.webhooks.receive(channel, webhook);
}
