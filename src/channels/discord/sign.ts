import { createPrivateKey, type KeyObject, sign as signBytes } from 'node:crypto';
import type { RawWebhook } from '../../core/ports/channel.ts';
import type { MessageToSign } from '../wire/message-to-sign.ts';
import { secondsOf } from '../wire/timestamp.ts';

/** What goes before a raw Ed25519 seed to make it a key that the crypto module reads (RFC 8410). */
const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Discord keeps the private half of an application's key, so that a trial needs a pair of its own. */
export function readPrivateKey(seed: string): KeyObject {
  return createPrivateKey({ key: Buffer.concat([prefix, Buffer.from(seed, 'hex')]), format: 'der', type: 'pkcs8' });
}

/** The command `/ask` with the text as its option, in a direct message. `seed` is 64 hexadecimal digits. */
export function sign(message: MessageToSign, seed: string, applicationId: string): RawWebhook {
  const interaction = {
    id: message.id,
    application_id: applicationId,
    type: 2,
    token: `trial-${message.id}`,
    version: 1,
    context: 1,
    authorizing_integration_owners: { 0: '0' },
    channel_id: message.conversation,
    user: { id: message.sender.id, username: message.sender.name ?? 'somebody' },
    data: { id: '1', type: 1, name: 'ask', options: [{ name: 'text', type: 3, value: message.text }] },
  };
  return signBody(JSON.stringify(interaction), message.at, readPrivateKey(seed));
}

export function signBody(body: string, at: number, key: KeyObject): RawWebhook {
  const timestamp = secondsOf(at);
  return {
    method: 'POST',
    path: '/webhook/discord',
    headers: {
      'content-type': 'application/json',
      'x-signature-timestamp': timestamp,
      'x-signature-ed25519': signBytes(null, Buffer.from(timestamp + body), key).toString('hex'),
    },
    body: Buffer.from(body),
    receivedAt: at,
  };
}
