import type { InboundEvent, RawWebhook } from '../../core/ports/channel.ts';
import { ignored, malformed } from '../wire/ignored.ts';
import { idIn, isObject, type JsonObject, objectIn, parseObject, textIn } from '../wire/json-shape.ts';
import { headerOf } from '../wire/read-webhook.ts';

/** Of a conversation's and a sender's id. */
const longestId = 256;

/** See `index.ts` for what a message looks like. The webhook's id stays the same when it is sent again. */
export function parse(webhook: RawWebhook): InboundEvent[] {
  const payload = parseObject(webhook.body.toString());
  const id = headerOf(webhook, 'webhook-id');
  if (!payload || id === undefined) return [malformed(webhook)];
  const keys = [`id:${id}`];
  const type = textIn(payload, 'type');
  const data = objectIn(payload, 'data');
  // Somebody sent our own answers back to us, which the secret allows.
  if (type === 'answer') return [ownAnswer(id, keys)];
  if (type !== 'message') return [ignored(id, keys, `an event of type ${(type ?? 'none').slice(0, 64)}`)];
  const conversation = idIn(data, 'conversation');
  const sender = senderOf(data);
  const text = textIn(data, 'text') ?? '';
  if (!data || !sender || conversation === undefined || conversation.length > longestId) {
    return [ignored(id, keys, 'a message without conversation and sender')];
  }
  if (text.trim() === '') return [ignored(id, keys, 'no text')];
  return [
    {
      kind: 'message',
      id,
      dedupeKeys: keys,
      conversation,
      conversationKind: data.kind === 'group' ? 'group' : 'direct',
      sender,
      text,
      ...timeOf(payload),
      target: { address: { conversation, inReplyTo: id } },
    },
  ];
}

function ownAnswer(id: string, keys: readonly string[]): InboundEvent {
  const event = ignored(id, keys, 'own message');
  return { ...event, sender: { id: 'gateway', isBot: true, isSelf: true } };
}

/** An id, or an object with one. */
function senderOf(data: JsonObject | undefined): InboundEvent['sender'] | undefined {
  const given = data?.sender;
  const from: JsonObject = isObject(given) ? given : { id: given };
  const id = idIn(from, 'id');
  if (id === undefined || id.length > longestId) return undefined;
  const name = textIn(from, 'name');
  return { id, ...(name === undefined ? {} : { name }), isBot: from.bot === true, isSelf: false };
}

function timeOf(payload: JsonObject): { occurredAt?: number } {
  const time = Date.parse(textIn(payload, 'timestamp') ?? '');
  return Number.isNaN(time) ? {} : { occurredAt: time };
}
