import type { Chunk } from '../../core/ports/channel.ts';
import { asWritten } from '../wire/as-written.ts';
import { splitMarkdown } from '../wire/split.ts';
import { manifest } from './manifest.ts';

/** Markdown as it came from the model: what to make of it is the receiver's business. */
export function render(markdown: string): Chunk[] {
  return splitMarkdown(markdown, asWritten, manifest.textLimit);
}
