import { SendError } from '../../core/ports/channel.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { toSendError } from '../wire/from-answer.ts';
import { createHttpClient } from '../wire/http-client.ts';
import { listSecrets } from '../wire/secrets.ts';
import { fromAnswer } from './from-answer.ts';
import { manifest } from './manifest.ts';
import type { TelegramSettings } from './settings.ts';

/** The kinds of update that are read; Telegram need not send the others. */
const allowedUpdates = ['message', 'channel_post', 'callback_query'];

/** Tells Telegram where to push updates and with which secret. Throws a `SendError`. */
export async function setTelegramWebhook(settings: TelegramSettings & { clock: Clock }, url: URL): Promise<void> {
  const { apiRoot, botToken, clock } = settings;
  const [secret] = listSecrets(settings.webhookSecret);
  if (botToken === undefined || secret === undefined) {
    throw new SendError('unauthorized', 'telegram: the bot token or the webhook secret is missing');
  }
  const client = createHttpClient(manifest.name, clock);
  try {
    const request = {
      method: 'POST' as const,
      url: new URL(`${apiRoot}/bot${botToken}/setWebhook`),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: url.href, secret_token: secret, allowed_updates: allowedUpdates }),
    };
    const answer = await client.exchange(request, new AbortController().signal);
    const outcome = fromAnswer(answer);
    if ('fault' in outcome) throw toSendError(manifest.name, outcome.fault, answer, [botToken, secret]);
  } finally {
    await client.close();
  }
}
