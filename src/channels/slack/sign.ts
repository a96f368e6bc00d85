import type { RawWebhook } from '../../core/ports/channel.ts';
import type { MessageToSign } from '../wire/message-to-sign.ts';
import { secondsOf } from '../wire/timestamp.ts';
import { signatureOf } from './signature.ts';

/** A message to the bot: direct when the conversation's id begins with D, in a channel otherwise. */
export function sign(message: MessageToSign, secret: string): RawWebhook {
  const event = {
    type: 'message',
    channel: message.conversation,
    channel_type: message.conversation.startsWith('D') ? 'im' : 'channel',
    user: message.sender.id,
    text: escapeText(message.text),
    ts: `${secondsOf(message.at)}.${message.id.slice(-6).padStart(6, '0')}`,
  };
  const envelope = { type: 'event_callback', event_id: `Ev${message.id}`, team_id: 'T0', api_app_id: 'A0', event };
  return signBody(JSON.stringify(envelope), message.at, secret);
}

export function signBody(body: string, at: number, secret: string, contentType = 'application/json'): RawWebhook {
  const timestamp = secondsOf(at);
  const bytes = Buffer.from(body);
  return {
    method: 'POST',
    path: '/webhook/slack',
    headers: {
      'content-type': contentType,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signatureOf(secret, timestamp, bytes).toString('hex')}`,
    },
    body: bytes,
    receivedAt: at,
  };
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
