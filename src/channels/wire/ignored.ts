import { hash } from 'node:crypto';
import type { InboundEvent, RawWebhook } from '../../core/ports/channel.ts';

/** What we have no use for. It is acknowledged like everything else, so that the platform is content. */
export function ignored(id: string, dedupeKeys: readonly string[], reason: string): InboundEvent {
  return {
    kind: 'ignored',
    id,
    dedupeKeys,
    reason,
    conversation: '',
    conversationKind: 'direct',
    sender: { id: '', isBot: false, isSelf: false },
    text: '',
    target: { address: {} },
  };
}

/** Authentic, and yet not what the platform's documentation says: sending it again would change nothing. */
export function malformed(webhook: RawWebhook): InboundEvent {
  const id = `body:${hash('sha256', webhook.body).slice(0, 32)}`;
  return ignored(id, [id], 'malformed');
}
