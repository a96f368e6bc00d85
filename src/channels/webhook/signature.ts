import { hmac } from '../wire/hmac.ts';
import { listSecrets, type Secrets } from '../wire/secrets.ts';

/** The secrets' bytes. One that the standard does not allow is none: it would be weak, or was typed wrong. */
export function readKeys(secret: Secrets | undefined): readonly Buffer[] {
  return listSecrets(secret)
    .map((text) => text.replace(/^whsec_/, ''))
    .filter((base64) => /^[A-Za-z0-9+/]+={0,2}$/.test(base64))
    .map((base64) => Buffer.from(base64, 'base64'))
    .filter(({ length }) => length >= 24 && length <= 64);
}

/** Version 1: HMAC over the message's id, its time and its raw body. */
export function signatureOf(key: Uint8Array, id: string, timestamp: string, body: Uint8Array): Buffer {
  return hmac(key, `${id}.${timestamp}.`, body);
}

/** A signature for each key, so that a receiver who has only one of them is content. */
export function signatureHeader(keys: readonly Uint8Array[], id: string, timestamp: string, body: Uint8Array): string {
  return keys.map((key) => `v1,${signatureOf(key, id, timestamp, body).toString('base64')}`).join(' ');
}
