import type { Authentication, RawWebhook } from '../../core/ports/channel.ts';
import { isOneOf } from '../wire/compare.ts';
import { accepted, headerOf, refuse } from '../wire/read-webhook.ts';
import { isTimely } from '../wire/timestamp.ts';
import { manifest } from './manifest.ts';
import { signatureOf } from './signature.ts';

/** HMAC over the raw body, also of forms: parsed and written again they are other bytes. */
export function authenticate(webhook: RawWebhook, secrets: readonly string[]): Authentication {
  if (secrets.length === 0) return refuse('no signing secret is configured');
  if (webhook.body.length > manifest.bodyLimit) return refuse('the body is too long');
  const signature = headerOf(webhook, 'x-slack-signature');
  const timestamp = headerOf(webhook, 'x-slack-request-timestamp');
  if (signature === undefined || timestamp === undefined) return refuse('a header is missing, or there twice');
  const [, hex] = /^v0=([0-9a-f]{64})$/.exec(signature) ?? [];
  if (hex === undefined) return refuse('the signature is none of version 0');
  if (!isTimely(timestamp, webhook.receivedAt)) return refuse('the timestamp is too far from now');
  const expected = secrets.map((secret) => signatureOf(secret, timestamp, webhook.body));
  return isOneOf(Buffer.from(hex, 'hex'), expected) ? accepted : refuse('the signature is another');
}
