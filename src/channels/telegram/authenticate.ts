import type { Authentication, RawWebhook } from '../../core/ports/channel.ts';
import { isOneOfTexts } from '../wire/compare.ts';
import { accepted, headerOf, refuse } from '../wire/read-webhook.ts';
import { manifest } from './manifest.ts';

/** Telegram signs nothing: it sends the secret that was given to it. Whoever has seen one webhook could send another. */
export function authenticate(webhook: RawWebhook, secrets: readonly string[]): Authentication {
  if (secrets.length === 0) return refuse('no secret is configured');
  if (webhook.body.length > manifest.bodyLimit) return refuse('the body is too long');
  const given = headerOf(webhook, 'x-telegram-bot-api-secret-token');
  if (given === undefined) return refuse('the secret token is missing, or there twice');
  return isOneOfTexts(given, secrets) ? accepted : refuse('the secret token is another');
}
