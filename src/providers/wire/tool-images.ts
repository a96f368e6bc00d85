import type { ImagePart, Part, TextPart } from '../../core/message.ts';

/**
 * The pictures that tools gave, for wires whose results are text: the user shows them behind the results, each with the
 * call that it belongs to.
 */
export function toolImages(parts: readonly Part[]): (TextPart | ImagePart)[] {
  return parts.flatMap((part) => {
    if (part.type !== 'tool_result' || !part.images?.length) return [];
    return [{ type: 'text' as const, text: `[images of the tool result ${part.toolCallId}]` }, ...part.images];
  });
}
