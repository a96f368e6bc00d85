import type { WebhookAnswer } from '../../core/ports/channel.ts';

/** There is none: `setWebhook` is believed. */
export function handshake(): WebhookAnswer | undefined {
  return undefined;
}
