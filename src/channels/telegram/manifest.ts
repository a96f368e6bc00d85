import type { ChannelManifest } from '../../core/ports/channel.ts';

export const manifest: ChannelManifest = {
  name: 'telegram',
  bodyLimit: 1024 * 1024,
  contentTypes: ['application/json'],
  acknowledgeWithinMs: 60_000,
  // Updates are kept for a day; a second one spares us a guess about the first.
  redeliversForMs: 48 * 60 * 60_000,
  // Counted after the entities were read; we count the tags too, which is never more than it takes.
  textLimit: { length: 4096, unit: 'utf16' },
  idempotentSend: false,
  typingEveryMs: 5000,
  editEveryMs: 1500,
};
