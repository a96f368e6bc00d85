import type { RawWebhook } from '../../core/ports/channel.ts';
import type { MessageToSign } from '../wire/message-to-sign.ts';
import { secondsOf } from '../wire/timestamp.ts';
import { readKeys, signatureHeader } from './signature.ts';

export function sign(message: MessageToSign, secret: string): RawWebhook {
  const { conversation, sender, text } = message;
  const payload = {
    type: 'message',
    timestamp: new Date(message.at).toISOString(),
    data: { conversation, sender, text },
  };
  return signBody(JSON.stringify(payload), message.at, secret, `msg_${message.id}`);
}

export function signBody(body: string, at: number, secret: string, id: string): RawWebhook {
  const timestamp = secondsOf(at);
  const bytes = Buffer.from(body);
  return {
    method: 'POST',
    path: '/webhook/webhook',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatureHeader(readKeys(secret), id, timestamp, bytes),
    },
    body: bytes,
    receivedAt: at,
  };
}
