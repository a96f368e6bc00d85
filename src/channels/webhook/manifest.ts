import type { ChannelManifest } from '../../core/ports/channel.ts';

export const manifest: ChannelManifest = {
  name: 'webhook',
  bodyLimit: 256 * 1024,
  contentTypes: ['application/json'],
  acknowledgeWithinMs: 15_000,
  // The standard's schedule of retries ends on the third day.
  redeliversForMs: 4 * 24 * 60 * 60_000,
  // The standard asks for payloads below 20 kB.
  textLimit: { length: 16 * 1024, unit: 'bytes' },
  idempotentSend: true,
};
