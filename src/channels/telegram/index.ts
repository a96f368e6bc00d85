/**
 * Telegram, by webhook: updates come in, calls of the Bot API go out. The bot's token stands in the address of every call,
 * which is why no address is ever told to anybody.
 */
import { type Channel, SendError } from '../../core/ports/channel.ts';
import { createHttpClient } from '../wire/http-client.ts';
import { listSecrets } from '../wire/secrets.ts';
import { acknowledge } from './acknowledge.ts';
import { authenticate } from './authenticate.ts';
import { handshake } from './handshake.ts';
import { manifest } from './manifest.ts';
import { parse } from './parse.ts';
import { render } from './render.ts';
import { type Api, edit, send, typing } from './send.ts';
import { botIdOf, type TelegramSettings } from './settings.ts';

export type { TelegramSettings } from './settings.ts';
export { sign as signTelegramMessage } from './sign.ts';

export function createTelegramChannel(settings: TelegramSettings): Channel {
  const { apiRoot, botToken = '', clock } = settings;
  const secrets = listSecrets(settings.webhookSecret);
  const botId = botIdOf(settings);
  const client = createHttpClient(manifest.name, clock);
  const api = (): Api => {
    if (botToken === '') throw new SendError('unauthorized', 'telegram: no bot token is configured');
    return { client, apiRoot, botToken };
  };
  return {
    manifest,
    configured: secrets.length > 0 && botToken !== '',
    authenticate: (webhook) => authenticate(webhook, secrets),
    handshake,
    parse: (webhook) => parse(webhook, botId),
    acknowledge,
    render,
    send: async (outbound, signal) => send(api(), outbound, signal),
    edit: async (outbound, signal) => edit(api(), outbound, signal),
    typing: async (target, signal) => typing(api(), target, signal),
    close: () => client.close(),
  };
}
