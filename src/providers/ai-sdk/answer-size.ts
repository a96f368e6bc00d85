import type { ProviderEvent } from '../../core/ports/provider.ts';

/** In bytes of text and of tools' arguments. */
export function sizeOf(events: readonly ProviderEvent[]): number {
  return events.reduce((sum, event) => sum + Buffer.byteLength(textIn(event)), 0);
}

function textIn(event: ProviderEvent): string {
  switch (event.type) {
    case 'text':
      return event.text;
    case 'tool_call':
      return event.arguments;
    case 'finish':
      return '';
  }
}
