import { createHmac } from 'node:crypto';

/** HMAC-SHA256 of the parts, one after the other. A key that is text is its UTF-8 bytes. */
export function hmac(key: string | Uint8Array, ...parts: (string | Uint8Array)[]): Buffer {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}
