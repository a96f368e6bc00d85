/** Settings of all four channels, and webhooks that they take: signed as the platforms sign, answered by nobody. */
import { generateKeyPairSync } from 'node:crypto';
import { signBody as signDiscord } from '../../src/channels/discord/sign.ts';
import { signBody as signSlack } from '../../src/channels/slack/sign.ts';
import { signBody as signTelegram } from '../../src/channels/telegram/sign.ts';
import { signBody as signWebhook } from '../../src/channels/webhook/sign.ts';
import type { RawWebhook } from '../../src/core/ports/channel.ts';
import type { TestGateway } from './start-gateway.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
// Nothing listens there: what is received is not answered to anybody.
const apiRoot = 'http://127.0.0.1:9';
const secrets = { telegram: 'telegram-secret', slack: 'slack-signing-secret', webhook: `whsec_${'A'.repeat(32)}` };

export const channelSettings = {
  telegram: { botToken: '123456:of-a-bot-that-is-nowhere', webhookSecret: secrets.telegram, apiRoot },
  discord: {
    applicationId: '42',
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex'),
    botToken: 'of-a-bot-that-is-nowhere',
    apiRoot,
  },
  slack: { signingSecret: secrets.slack, botToken: 'xoxb-of-a-bot-that-is-nowhere', apiRoot },
  webhook: { secret: secrets.webhook, callbackUrl: `${apiRoot}/answers` },
};

let count = 0;

/** The least that each platform pushes and that is worked on; never the same twice. */
function leastEvent(id: string): object {
  count += 1;
  switch (id) {
    case 'receiveTelegram': {
      const message = {
        message_id: count,
        date: 1,
        chat: { id: 1, type: 'private' },
        from: { id: 7, is_bot: false },
        text: 'hi',
      };
      return { update_id: count, message };
    }
    case 'receiveDiscord':
      return { type: 1 };
    case 'receiveSlack': {
      const event = { type: 'message', channel: 'D1', channel_type: 'im', user: 'U7', text: 'hi', ts: `1.${count}` };
      return { type: 'event_callback', event_id: `Ev${count}`, team_id: 'T0', event };
    }
    default:
      return {
        type: 'message',
        timestamp: '2026-11-10T08:30:00Z',
        data: { conversation: '1', sender: { id: '7' }, text: 'hi' },
      };
  }
}

/** Undefined for an operation that is no webhook. */
export function signed(id: string, body: unknown = leastEvent(id)): RawWebhook | undefined {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const now = Date.now();
  switch (id) {
    case 'receiveTelegram':
      return signTelegram(text, now, secrets.telegram);
    case 'receiveDiscord':
      return signDiscord(text, now, privateKey);
    case 'receiveSlack':
      return signSlack(
        text,
        now,
        secrets.slack,
        text.startsWith('{') ? undefined : 'application/x-www-form-urlencoded',
      );
    case 'receiveWebhook':
      return signWebhook(text, now, secrets.webhook, `msg_${count}_${now}`);
    default:
      return undefined;
  }
}

/** As `startGateway`'s `request` takes it. */
export function toRequest({ headers, body }: RawWebhook): { key: null; headers: Record<string, string>; body: string } {
  const named = Object.entries(headers).map(([name, value]) => [
    name === 'content-type' ? 'Content-Type' : name,
    String(value),
  ]);
  return { key: null, headers: Object.fromEntries(named), body: body.toString() };
}

/** Pushes a message from somebody whom nobody knows, and answers the id of its event. */
export async function pushEvent(gateway: TestGateway): Promise<string> {
  const webhook = signed('receiveTelegram');
  if (!webhook) throw new Error('Telegram is a channel');
  await gateway.request('POST', webhook.path, toRequest(webhook));
  const { body } = await gateway.request('GET', '/api/v2/webhooks/events?channel=telegram');
  return body.items[0].id;
}
