import { createPublicKey, type KeyObject } from 'node:crypto';
import { listSecrets, type Secrets } from '../wire/secrets.ts';

/** What goes before a raw Ed25519 key to make it one that the crypto module reads (RFC 8410). */
const prefix = Buffer.from('302a300506032b6570032100', 'hex');

/** The keys that are keys; what is none verifies nothing. */
export function readPublicKeys(publicKey: Secrets | undefined): readonly KeyObject[] {
  return listSecrets(publicKey)
    .filter((hex) => /^[0-9a-f]{64}$/i.test(hex))
    .map((hex) =>
      createPublicKey({ key: Buffer.concat([prefix, Buffer.from(hex, 'hex')]), format: 'der', type: 'spki' }),
    );
}
