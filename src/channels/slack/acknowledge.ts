import type { WebhookAnswer } from '../../core/ports/channel.ts';

/** An empty answer says nothing in a conversation and closes a form. */
export function acknowledge(): WebhookAnswer {
  return { status: 200 };
}
