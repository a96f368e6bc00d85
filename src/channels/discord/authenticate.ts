import { type KeyObject, verify } from 'node:crypto';
import type { Authentication, RawWebhook } from '../../core/ports/channel.ts';
import { accepted, headerOf, refuse } from '../wire/read-webhook.ts';
import { isTimely } from '../wire/timestamp.ts';
import { manifest } from './manifest.ts';

/**
 * Ed25519 over the timestamp and the raw body. Discord sends wrong signatures on purpose and takes the address away from
 * whoever accepts one. It names no window for the timestamp; ours is that of the others.
 */
export function authenticate(webhook: RawWebhook, keys: readonly KeyObject[]): Authentication {
  if (keys.length === 0) return refuse('no public key is configured');
  if (webhook.body.length > manifest.bodyLimit) return refuse('the body is too long');
  const signature = headerOf(webhook, 'x-signature-ed25519');
  const timestamp = headerOf(webhook, 'x-signature-timestamp');
  if (signature === undefined || timestamp === undefined) return refuse('a header is missing, or there twice');
  if (!/^[0-9a-f]{128}$/.test(signature)) return refuse('the signature is no signature');
  if (!isTimely(timestamp, webhook.receivedAt)) return refuse('the timestamp is too far from now');
  const signed = Buffer.concat([Buffer.from(timestamp), webhook.body]);
  const bytes = Buffer.from(signature, 'hex');
  return keys.some((key) => verify(null, signed, key, bytes)) ? accepted : refuse('the signature is another');
}
