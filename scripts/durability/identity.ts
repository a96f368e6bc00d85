import { createPublicKey } from 'node:crypto';
import { signDiscordMessage } from '../../src/channels/discord/index.ts';
import { readPrivateKey } from '../../src/channels/discord/sign.ts';
import { signSlackMessage } from '../../src/channels/slack/index.ts';
import { signTelegramMessage } from '../../src/channels/telegram/index.ts';
import { signWebhookMessage } from '../../src/channels/webhook/index.ts';
import type { RawWebhook } from '../../src/core/ports/channel.ts';

export type ChannelName = 'telegram' | 'discord' | 'slack' | 'webhook';

export const channelNames: readonly ChannelName[] = ['telegram', 'discord', 'slack', 'webhook'];

/** Secrets that both sides of a trial know. */
const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const telegramSecret = 'a-telegram-secret';
const signingSecret = 'a-signing-secret';
const webhookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const applicationId = '77';

/** The channels of a gateway whose platforms are all at this address. */
export function channelsAt(url: string): object {
  const common = { allow: ['*'], limits: { requestsPerMinute: 1_000_000_000 } };
  const publicKey = Buffer.from(createPublicKey(readPrivateKey(seed)).export({ format: 'jwk' }).x ?? '', 'base64url');
  return {
    telegram: { botToken: '99:token', webhookSecret: telegramSecret, apiRoot: `${url}/telegram`, ...common },
    discord: {
      applicationId,
      publicKey: publicKey.toString('hex'),
      botToken: 'token',
      apiRoot: `${url}/discord`,
      ...common,
    },
    slack: { signingSecret, botToken: 'xoxb-token', apiRoot: `${url}/slack`, ...common },
    webhook: { secret: webhookSecret, callbackUrl: `${url}/callback`, ...common },
  };
}

/** An event's webhook, as its platform would sign it at this moment. */
export function signEvent(channel: ChannelName, event: number, conversation: number, at: number): RawWebhook {
  const place = channel === 'slack' ? `D${conversation}` : String(conversation);
  const message = {
    id: String(1_000_000 + event),
    text: `question q${event}`,
    conversation: place,
    sender: { id: channel === 'slack' ? `U${conversation}` : place },
    at,
  };
  switch (channel) {
    case 'telegram':
      return signTelegramMessage(message, telegramSecret);
    case 'discord':
      return signDiscordMessage(message, seed, applicationId);
    case 'slack':
      return signSlackMessage(message, signingSecret);
    case 'webhook':
      return signWebhookMessage(message, webhookSecret);
  }
}
