import type { InboundEvent, RawWebhook } from '../../core/ports/channel.ts';
import { ignored, malformed } from '../wire/ignored.ts';
import { idIn, type JsonObject, numberIn, objectIn, parseObject, textIn } from '../wire/json-shape.ts';

/** One update is one event: a message, a post in a channel, or a button that was pressed. */
export function parse(webhook: RawWebhook, botId: string): InboundEvent[] {
  const update = parseObject(webhook.body.toString());
  const id = idIn(update, 'update_id');
  if (!update || id === undefined) return [malformed(webhook)];
  const keys = [`${botId}:update:${id}`];
  const message = objectIn(update, 'message') ?? objectIn(update, 'channel_post');
  const query = objectIn(update, 'callback_query');
  if (message) return [parseMessage(message, id, keys, botId)];
  if (query) return [parseQuery(query, id, keys, botId)];
  // Edits, reactions, members, polls, and whatever comes to be.
  const kind = Object.keys(update).find((member) => member !== 'update_id') ?? 'nothing';
  return [ignored(id, keys, `an update of kind ${kind.slice(0, 64)}`)];
}

function parseMessage(message: JsonObject, id: string, keys: readonly string[], botId: string): InboundEvent {
  const place = placeOf(message);
  const messageId = idIn(message, 'message_id');
  if (!place || messageId === undefined) return ignored(id, keys, 'a message without its chat');
  // The copy of a channel's post in its discussion group; it may be our own.
  if (message.is_automatic_forward === true) return ignored(id, keys, 'a post forwarded by Telegram');
  const text = textIn(message, 'text') ?? textIn(message, 'caption') ?? '';
  if (text.trim() === '') return ignored(id, keys, 'no text');
  const date = numberIn(message, 'date');
  return {
    kind: 'message',
    id,
    dedupeKeys: [...keys, `${botId}:message:${place.chat}:${messageId}`],
    conversation: place.conversation,
    conversationKind: place.kind,
    ...(place.kind === 'group' ? { group: place.chat } : {}),
    sender: senderOf(message, place.chat, botId),
    text,
    ...(date === undefined ? {} : { occurredAt: date * 1000 }),
    // In a group it is shown which message is answered; between two it is plain.
    target: { address: { ...place.address, ...(place.kind === 'group' ? { replyTo: messageId } : {}) } },
  };
}

function parseQuery(query: JsonObject, id: string, keys: readonly string[], botId: string): InboundEvent {
  const queryId = idIn(query, 'id');
  const message = objectIn(query, 'message');
  const place = message && placeOf(message);
  const text = textIn(query, 'data') ?? '';
  if (queryId === undefined || !place || text.trim() === '') return ignored(id, keys, 'a button without its message');
  return {
    kind: 'message',
    id,
    dedupeKeys: [...keys, `${botId}:callback:${queryId}`],
    conversation: place.conversation,
    conversationKind: place.kind,
    ...(place.kind === 'group' ? { group: place.chat } : {}),
    sender: personIn(objectIn(query, 'from'), botId),
    text,
    target: { address: { ...place.address, callbackQuery: queryId } },
  };
}

interface Place {
  chat: string;
  conversation: string;
  kind: InboundEvent['conversationKind'];
  address: Record<string, string>;
}

function placeOf(message: JsonObject): Place | undefined {
  const from = objectIn(message, 'chat');
  const chat = idIn(from, 'id');
  if (chat === undefined) return undefined;
  // A thread id without the flag is a reply in a group without topics, where sending with it is an error.
  const topic = message.is_topic_message === true ? idIn(message, 'message_thread_id') : undefined;
  return {
    chat,
    conversation: topic === undefined ? chat : `${chat}:${topic}`,
    kind: textIn(from, 'type') === 'private' ? 'direct' : 'group',
    address: { chat, ...(topic === undefined ? {} : { topic }) },
  };
}

/** Who writes as a chat – a channel, or a group's anonymous administrator, whom Telegram calls a bot – is that chat. */
function senderOf(message: JsonObject, chat: string, botId: string): InboundEvent['sender'] {
  const senderChat = objectIn(message, 'sender_chat');
  const from = objectIn(message, 'from');
  if (!senderChat && from) return personIn(from, botId);
  const id = idIn(senderChat, 'id') ?? chat;
  const name = textIn(senderChat, 'title') ?? textIn(objectIn(message, 'chat'), 'title');
  const isBot = from?.is_bot === true && id !== chat;
  return { id, ...(name === undefined ? {} : { name }), isBot, isSelf: false };
}

function personIn(from: JsonObject | undefined, botId: string): InboundEvent['sender'] {
  const id = idIn(from, 'id') ?? '';
  const name = [textIn(from, 'first_name'), textIn(from, 'last_name')].filter(Boolean).join(' ');
  return { id, ...(name === '' ? {} : { name }), isBot: from?.is_bot === true, isSelf: id !== '' && id === botId };
}
