import type { Authentication, RawWebhook } from '../../core/ports/channel.ts';
import { isOneOf } from '../wire/compare.ts';
import { accepted, headerOf, refuse } from '../wire/read-webhook.ts';
import { isTimely } from '../wire/timestamp.ts';
import { manifest } from './manifest.ts';
import { signatureOf } from './signature.ts';

/** A sender that is rotating its secrets has two signatures; nobody has many. */
const mostSignatures = 16;

/** Standard Webhooks: a list of signatures, of which one of version 1 has to be right. */
export function authenticate(webhook: RawWebhook, keys: readonly Buffer[]): Authentication {
  if (keys.length === 0) return refuse('no secret is configured');
  if (webhook.body.length > manifest.bodyLimit) return refuse('the body is too long');
  const id = headerOf(webhook, 'webhook-id');
  const timestamp = headerOf(webhook, 'webhook-timestamp');
  const header = headerOf(webhook, 'webhook-signature');
  if (id === undefined || timestamp === undefined || header === undefined) {
    return refuse('a header is missing, or there twice');
  }
  // A point would leave open where the id ends and the time begins.
  if (!/^[!-~]{1,256}$/.test(id) || id.includes('.')) return refuse('the id has characters that no id has');
  if (!isTimely(timestamp, webhook.receivedAt)) return refuse('the timestamp is too far from now');
  const given = header.split(' ', mostSignatures).flatMap(readSignature);
  if (given.length === 0) return refuse('there is no signature of version 1');
  const expected = keys.map((key) => signatureOf(key, id, timestamp, webhook.body));
  return given.some((signature) => isOneOf(signature, expected)) ? accepted : refuse('the signature is another');
}

/** In its one spelling: base64 has room for others of the same bytes. */
function readSignature(text: string): Buffer[] {
  const [, base64 = ''] = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(text) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  return base64 !== '' && bytes.toString('base64') === base64 ? [bytes] : [];
}
