import type { ChannelManifest } from '../../core/ports/channel.ts';

export const manifest: ChannelManifest = {
  name: 'slack',
  bodyLimit: 1024 * 1024,
  contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
  acknowledgeWithinMs: 3000,
  // The last of three tries comes after five minutes, and more after an outage.
  redeliversForMs: 24 * 60 * 60_000,
  // `chat.postMessage` takes ten times as much, but `chat.update` does not, and answers grow by it.
  textLimit: { length: 4000, unit: 'utf16' },
  idempotentSend: false,
  editEveryMs: 1200,
};
