import type { RawWebhook } from '../../core/ports/channel.ts';
import type { MessageToSign } from '../wire/message-to-sign.ts';

/** A message from one person in a private chat, or in a group when the conversation's id is negative. */
export function sign(message: MessageToSign, secret: string): RawWebhook {
  const isGroup = message.conversation.startsWith('-');
  const update = {
    update_id: Number(message.id),
    message: {
      message_id: Number(message.id),
      date: Math.floor(message.at / 1000),
      chat: { id: Number(message.conversation), type: isGroup ? 'supergroup' : 'private' },
      from: { id: Number(message.sender.id), is_bot: false, first_name: message.sender.name ?? 'Somebody' },
      text: message.text,
    },
  };
  return signBody(JSON.stringify(update), message.at, secret);
}

export function signBody(body: string, at: number, secret: string): RawWebhook {
  return {
    method: 'POST',
    path: '/webhook/telegram',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
    body: Buffer.from(body),
    receivedAt: at,
  };
}
