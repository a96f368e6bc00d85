import { ProviderError } from '../../core/errors.ts';
import { type ImagePart, type Part, type Role, type ToolResultPart, textOf } from '../../core/message.ts';
import { toolImages } from '../wire/tool-images.ts';

/** Messages of parts → the wire's messages, of which one holds either a tool's result or what somebody said. */
export function toChatMessages(
  instructions: string | undefined,
  messages: readonly { role: Role; parts: readonly Part[] }[],
): object[] {
  const chat: object[] = [];
  if (instructions) chat.push({ role: 'system', content: instructions });
  for (const { role, parts } of messages) {
    if (role === 'assistant') chat.push(toAssistantMessage(parts));
    else pushUserMessages(parts, chat);
  }
  return chat;
}

function toAssistantMessage(parts: readonly Part[]): object {
  const calls = [];
  let text = '';
  for (const part of parts) {
    if (part.type === 'text') text += part.text;
    // The wire has no place for a picture of the assistant's.
    else if (part.type === 'image') text += `[image: ${part.description ?? part.url ?? 'inline'}]`;
    else if (part.type === 'tool_call')
      calls.push({ id: part.id, type: 'function', function: { name: part.name, arguments: part.arguments } });
  }
  if (calls.length === 0) return { role: 'assistant', content: text };
  return { role: 'assistant', content: text === '' ? null : text, tool_calls: calls };
}

/** Results first: the wire wants them right behind the message that called the tools. */
function pushUserMessages(parts: readonly Part[], chat: object[]): void {
  const said: Part[] = toolImages(parts);
  for (const part of parts) {
    if (part.type === 'tool_result') chat.push(toToolMessage(part));
    else said.push(part);
  }
  if (said.length > 0) chat.push({ role: 'user', content: toContent(said) });
}

/** The wire cannot mark a result as failed, so that the text says it. */
function toToolMessage({ toolCallId, content, images, status }: ToolResultPart): object {
  const marks = status === undefined || status === 'completed' ? [] : [status];
  // Many servers refuse a result that says nothing.
  const said = content === '' && images?.length ? '[images]' : content;
  return { role: 'tool', tool_call_id: toolCallId, content: [...marks, said].filter(Boolean).join(': ') };
}

/** A plain string where it can be one: many compatible servers read nothing else. */
function toContent(parts: readonly Part[]): string | object[] {
  if (!parts.some((part) => part.type === 'image')) return textOf(parts);
  const content = [];
  for (const part of parts) {
    if (part.type === 'text') content.push({ type: 'text', text: part.text });
    else if (part.type === 'image')
      content.push({ type: 'image_url', image_url: { url: toImageUrl(part), detail: part.detail } });
  }
  return content;
}

function toImageUrl({ url, data, mediaType }: ImagePart): string {
  if (url !== undefined) return url;
  if (data === undefined || mediaType === undefined)
    throw new ProviderError('invalid_request', 'an image needs a URL, or data with its media type');
  return `data:${mediaType};base64,${data}`;
}
