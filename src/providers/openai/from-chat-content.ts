import { isObject, textIn } from '../wire/json-shape.ts';

/** `content` → text. Null beside tool calls; a list of typed parts at Mistral, of which thoughts are not for the client. */
export function fromChatContent(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  let text = '';
  for (const part of content) if (isObject(part) && part.type === 'text') text += textIn(part, 'text') ?? '';
  return text;
}
