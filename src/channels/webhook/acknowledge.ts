import type { WebhookAnswer } from '../../core/ports/channel.ts';

export function acknowledge(): WebhookAnswer {
  return { status: 204 };
}
