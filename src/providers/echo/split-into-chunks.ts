import type { ProviderEvent } from '../../core/ports/provider.ts';
import { graphemesOf, wordsOf } from './segments.ts';

/** One event of a whole answer → the deltas of a stream, which put together are the same. */
export function* splitIntoChunks(event: ProviderEvent): Generator<ProviderEvent> {
  switch (event.type) {
    case 'text':
      for (const text of splitText(event.text)) yield { type: 'text', text };
      break;
    case 'tool_call':
      yield { ...event, arguments: '' };
      yield { type: 'tool_call', index: event.index, arguments: event.arguments };
      break;
    case 'finish':
      yield event;
  }
}

/** A word and what stands behind it to a chunk; a text of one word falls into its first character and the rest. */
export function splitText(text: string): string[] {
  const chunks: string[] = [];
  let chunk = '';
  let hasWord = false;
  for (const { segment, isWordLike } of wordsOf(text)) {
    if (isWordLike && hasWord) {
      chunks.push(chunk);
      chunk = '';
    }
    hasWord ||= isWordLike === true;
    chunk += segment;
  }
  chunks.push(chunk);
  const first = graphemesOf(text).containing(0)?.segment ?? text;
  return chunks.length > 1 || first === text ? chunks : [first, text.slice(first.length)];
}
