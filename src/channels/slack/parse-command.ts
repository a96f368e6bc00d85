import type { InboundEvent, RawWebhook } from '../../core/ports/channel.ts';
import { ignored, malformed } from '../wire/ignored.ts';
import { hookIn, placeOf } from './place-of.ts';
import { readText } from './read-text.ts';

/** A slash command. Slack sends each once, and says nothing of a thread that it was typed in. */
export function parseCommand(form: URLSearchParams, webhook: RawWebhook, hookOrigins: readonly string[]): InboundEvent {
  const trigger = form.get('trigger_id');
  const command = form.get('command');
  const channel = form.get('channel_id');
  if (!trigger || !command) return malformed(webhook);
  const keys = [`trigger:${trigger}`];
  if (!channel) return ignored(trigger, keys, 'a command without its channel');
  const isDirect = channel.startsWith('D');
  const name = form.get('user_name');
  return {
    kind: 'message',
    id: trigger,
    dedupeKeys: keys,
    ...placeOf(
      channel,
      isDirect,
      undefined,
      hookIn(form.get('response_url') ?? undefined, hookOrigins, webhook.receivedAt),
    ),
    sender: { id: form.get('user_id') ?? '', ...(name ? { name } : {}), isBot: false, isSelf: false },
    // A command without words is itself what was said.
    text: readText(form.get('text') ?? '', []).trim() || command,
    occurredAt: webhook.receivedAt,
  };
}
