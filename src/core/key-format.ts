/**
 * A key is `ocg_`, 30 characters of chance (178 bits) and 6 of checksum, in base 62. The checksum lets scanners of
 * leaked secrets and our own log tell a key from noise without asking anybody.
 */
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Random } from './ports/random.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export function makeSecret(random: Random): string {
  let body = '';
  while (body.length < 30) {
    // 248 = 4 × 62: higher bytes are thrown away so that every character is equally likely.
    for (const byte of random.bytes(32)) if (byte < 248 && body.length < 30) body += alphabet.charAt(byte % 62);
  }
  return `ocg_${body}${checksum(body)}`;
}

/** True for what looks like a key of ours and has the right checksum. */
export function isSecret(text: string): boolean {
  return /^ocg_[0-9A-Za-z]{36}$/.test(text) && checksum(text.slice(4, 34)) === text.slice(34);
}

/** What is shown of a key afterwards. */
export function prefixOf(secret: string): string {
  return secret.slice(0, 8);
}

/** What is stored of a key. A plain SHA-256 does: there is nothing to guess in 178 bits. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret);
}

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let place = 0; place < 6; place += 1) {
    text = alphabet.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
