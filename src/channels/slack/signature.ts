import { hmac } from '../wire/hmac.ts';

/** Version 0: the secret is text, even where it looks like hexadecimal digits. */
export function signatureOf(secret: string, timestamp: string, body: Uint8Array): Buffer {
  return hmac(secret, `v0:${timestamp}:`, body);
}
