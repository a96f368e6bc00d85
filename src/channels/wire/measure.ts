import type { ChannelManifest } from '../../core/ports/channel.ts';

/** The length of a text in the unit that a platform counts in. */
export function measure(text: string, unit: ChannelManifest['textLimit']['unit']): number {
  switch (unit) {
    case 'utf16':
      return text.length;
    case 'bytes':
      return Buffer.byteLength(text);
    case 'characters': {
      let count = 0;
      for (const _ of text) count += 1;
      return count;
    }
  }
}
