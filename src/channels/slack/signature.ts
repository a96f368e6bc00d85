import { createHmac } from 'node:crypto';

/** Version 0: the secret is text, even where it looks like hexadecimal digits. */
export function signatureOf(secret: string, timestamp: string, body: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
}
