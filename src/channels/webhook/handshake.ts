import type { WebhookAnswer } from '../../core/ports/channel.ts';

/** There is none in the standard. */
export function handshake(): WebhookAnswer | undefined {
  return undefined;
}
