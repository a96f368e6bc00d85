import type { InboundEvent, WebhookAnswer } from '../../core/ports/channel.ts';
import { answer } from './handshake.ts';

/** Seen only by who asked. */
const ephemeral = 64;

/** "… is thinking": our answer replaces it. Where there will be none, the words stand there at once. */
export function acknowledge(events: readonly InboundEvent[]): WebhookAnswer {
  if (events.some((event) => event.kind === 'message')) return answer({ type: 5 });
  if (events.some((event) => event.target.address.token !== undefined))
    return whisper('There is nothing to answer here.');
  return { status: 204 };
}

/** Discord never sends an interaction again: only its sender can. */
export function apologize(): WebhookAnswer {
  return whisper('That could not be taken in just now. Please try again.');
}

function whisper(content: string): WebhookAnswer {
  return answer({ type: 4, data: { content, flags: ephemeral, allowed_mentions: { parse: [] } } });
}
