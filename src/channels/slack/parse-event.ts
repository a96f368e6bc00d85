import type { InboundEvent, RawWebhook } from '../../core/ports/channel.ts';
import { ignored, malformed } from '../wire/ignored.ts';
import { type JsonObject, objectIn, objectsIn, textIn } from '../wire/json-shape.ts';
import { placeOf, timeOf } from './place-of.ts';
import { readText } from './read-text.ts';

/** Of the subtypes of a message those that are somebody saying something. */
const spoken = new Set(['bot_message', 'file_share', 'me_message', 'thread_broadcast']);

/** The Events API. A mention in a channel comes as two events; they have the message's own time in common. */
export function parseEvent(envelope: JsonObject, webhook: RawWebhook): InboundEvent {
  const id = textIn(envelope, 'event_id');
  const event = objectIn(envelope, 'event');
  if (envelope.type !== 'event_callback' || id === undefined || !event) {
    const type = textIn(envelope, 'type');
    return type === undefined
      ? malformed(webhook)
      : { ...malformed(webhook), reason: `an envelope of type ${type.slice(0, 64)}` };
  }
  const keys = [`event:${id}`];
  const type = textIn(event, 'type') ?? '';
  const subtype = textIn(event, 'subtype');
  if (type !== 'message' && type !== 'app_mention') return ignored(id, keys, `an event of type ${type.slice(0, 64)}`);
  if (subtype !== undefined && !spoken.has(subtype))
    return ignored(id, keys, `a message of subtype ${subtype.slice(0, 64)}`);
  return parseMessage(event, envelope, id, keys);
}

function parseMessage(event: JsonObject, envelope: JsonObject, id: string, keys: readonly string[]): InboundEvent {
  const channel = textIn(event, 'channel');
  const ts = textIn(event, 'ts');
  if (channel === undefined || ts === undefined) return ignored(id, keys, 'a message without its channel');
  const self = objectsIn(envelope, 'authorizations').flatMap((one) => textIn(one, 'user_id') ?? []);
  const text = readText(textIn(event, 'text') ?? '', self);
  if (text.trim() === '') return ignored(id, keys, 'no text');
  const isDirect = textIn(event, 'channel_type') === 'im' || channel.startsWith('D');
  return {
    kind: 'message',
    id,
    // Channel and time without the workspace: one that two share sends the same message for each.
    dedupeKeys: [...keys, `message:${channel}:${ts}`],
    // In a channel the answer begins a thread, in which the conversation then goes on.
    ...placeOf(channel, isDirect, textIn(event, 'thread_ts') ?? (isDirect ? undefined : ts)),
    sender: senderOf(event, envelope, self),
    text,
    ...timeOf(ts),
  };
}

function senderOf(event: JsonObject, envelope: JsonObject, self: readonly string[]): InboundEvent['sender'] {
  const user = textIn(event, 'user');
  const bot = textIn(event, 'bot_id');
  const name = textIn(event, 'username');
  const app = textIn(event, 'app_id');
  const isOurApp = bot !== undefined && app !== undefined && app === envelope.api_app_id;
  return {
    id: user ?? bot ?? '',
    ...(name === undefined ? {} : { name }),
    isBot: bot !== undefined || event.subtype === 'bot_message',
    isSelf: isOurApp || (user !== undefined && self.includes(user)),
  };
}
