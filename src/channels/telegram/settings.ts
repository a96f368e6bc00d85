import type { Clock } from '../../core/ports/clock.ts';
import type { Secrets } from '../wire/secrets.ts';

export interface TelegramSettings {
  readonly botToken?: string;
  /** The `secret_token` of `setWebhook`. */
  readonly webhookSecret?: Secrets;
  /** Without a slash at the end. */
  readonly apiRoot: string;
  readonly clock: Clock;
}

/** A token begins with the bot's own id. */
export function botIdOf({ botToken = '' }: Pick<TelegramSettings, 'botToken'>): string {
  return /^\d+(?=:)/.exec(botToken)?.[0] ?? '';
}
