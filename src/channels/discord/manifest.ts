import type { ChannelManifest } from '../../core/ports/channel.ts';

export const manifest: ChannelManifest = {
  name: 'discord',
  bodyLimit: 1024 * 1024,
  contentTypes: ['application/json'],
  acknowledgeWithinMs: 3000,
  // Interactions never come again; what a replay could do is over with the signature's window.
  redeliversForMs: 60 * 60_000,
  textLimit: { length: 2000, unit: 'utf16' },
  // An answer's first message is (it replaces the deferral), and so is what goes by the bot's token (it has a nonce).
  // Further messages of an interaction are not: their call takes no nonce.
  idempotentSend: false,
  // "… is thinking", until there is an answer or fifteen minutes are over.
  awaitsAnswer: true,
  editEveryMs: 1500,
};
