import type { InboundEvent, RawWebhook } from '../../core/ports/channel.ts';
import { ignored, malformed } from '../wire/ignored.ts';
import { type JsonObject, objectIn, objectsIn, textIn } from '../wire/json-shape.ts';
import { hookIn, placeOf } from './place-of.ts';
import { readText } from './read-text.ts';

/** A button or menu of a message, or a shortcut on one. A form has no conversation to answer in, and so is no message. */
export function parseInteraction(
  payload: JsonObject,
  webhook: RawWebhook,
  hookOrigins: readonly string[],
): InboundEvent {
  const trigger = textIn(payload, 'trigger_id');
  const type = textIn(payload, 'type');
  if (trigger === undefined || type === undefined) return malformed(webhook);
  const keys = [`trigger:${trigger}`];
  const channel = textIn(objectIn(payload, 'channel'), 'id');
  const user = objectIn(payload, 'user');
  const text = textOf(type, payload);
  if (text === undefined) return ignored(trigger, keys, `an interaction of type ${type.slice(0, 64)}`);
  if (channel === undefined) return ignored(trigger, keys, 'an interaction without its channel');
  if (text.trim() === '') return ignored(trigger, keys, 'no text');
  const isDirect = channel.startsWith('D');
  const message = objectIn(payload, 'message');
  const thread = textIn(message, 'thread_ts') ?? (isDirect ? undefined : textIn(message, 'ts'));
  const name = textIn(user, 'username') ?? textIn(user, 'name');
  return {
    kind: 'message',
    id: trigger,
    dedupeKeys: keys,
    ...placeOf(channel, isDirect, thread, hookIn(textIn(payload, 'response_url'), hookOrigins, webhook.receivedAt)),
    sender: { id: textIn(user, 'id') ?? '', ...(name === undefined ? {} : { name }), isBot: false, isSelf: false },
    text,
    occurredAt: webhook.receivedAt,
  };
}

/** Undefined for what we have no use for. */
function textOf(type: string, payload: JsonObject): string | undefined {
  if (type === 'message_action') return readText(textIn(objectIn(payload, 'message'), 'text') ?? '', []);
  if (type !== 'block_actions') return undefined;
  return objectsIn(payload, 'actions').map(textOfAction).filter(Boolean).join('\n');
}

function textOfAction(action: JsonObject): string {
  const chosen = [objectIn(action, 'selected_option') ?? [], ...objectsIn(action, 'selected_options')].flat();
  const values = chosen.flatMap((option) => textIn(option, 'value') ?? []);
  return (
    values.join('\n') ||
    textIn(action, 'value') ||
    textIn(objectIn(action, 'text'), 'text') ||
    textIn(action, 'action_id') ||
    ''
  );
}
