import type { ContractMessage } from '../../handlers/to-message.ts';

/** A message as text: an image reads as its description, a tool call and its result as nothing. */
export function toText(parts: ContractMessage['parts']): string {
  let text = '';
  for (const part of parts) {
    if (part.type === 'text') text += part.text;
    else if (part.type === 'image') text += part.description ?? '';
  }
  return text;
}
