import { ProviderError } from '../../core/errors.ts';
import type { ImagePart, Part, Role, ToolCallPart, ToolResultPart } from '../../core/message.ts';
import type { ProviderCall } from '../../core/ports/provider.ts';
import { parseObject } from '../wire/json-shape.ts';
import { toolImages } from '../wire/tool-images.ts';

/**
 * Messages of parts → the wire's messages of blocks. Behind the last block ends what the cache is to keep: not every server
 * that speaks this wire knows the newer mark for all of a request.
 */
export function toMessages(
  messages: readonly { role: Role; parts: readonly Part[] }[],
  cache?: ProviderCall['cache'],
): object[] {
  const result: { role: Role; content: object[] }[] = [];
  for (const { role, parts } of messages) {
    const content = toBlocks(role, parts);
    // The wire refuses empty messages, such as an answer in which nothing was said; it joins the neighbours itself.
    if (content.length > 0) result.push({ role, content });
  }
  const last = result.at(-1)?.content;
  if (cache && last) last.push({ ...last.pop(), cache_control: { type: 'ephemeral', ttl: cache } });
  return result;
}

/** Results first: the wire wants them right behind the message that called the tools. */
function toBlocks(role: Role, parts: readonly Part[]): object[] {
  const results = [];
  const blocks = [];
  // The wire takes no pictures in a result that failed.
  for (const part of [...toolImages(parts.filter(hasFailed)), ...parts]) {
    switch (part.type) {
      case 'text':
        // Refused by the wire when there is nothing but blanks in it.
        if (part.text.trim() !== '') blocks.push({ type: 'text', text: part.text });
        break;
      case 'image':
        blocks.push(role === 'user' ? toImage(part) : toDescription(part));
        break;
      case 'tool_call':
        blocks.push(toToolUse(part));
        break;
      case 'tool_result':
        results.push(toToolResult(part));
        break;
    }
  }
  return [...results, ...blocks];
}

/** Always looked at as closely as there is. */
function toImage({ url, data, mediaType, detail }: ImagePart): object {
  if (detail === 'low')
    throw new ProviderError('unsupported_parameter', 'the messages wire has no low detail', { parameter: 'detail' });
  if (url !== undefined) return { type: 'image', source: { type: 'url', url } };
  if (data === undefined || mediaType === undefined)
    throw new ProviderError('invalid_request', 'an image needs a URL, or data with its media type');
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data } };
}

/** The wire has no place for a picture of the assistant's. */
function toDescription({ description, url }: ImagePart): object {
  return { type: 'text', text: `[image: ${description ?? url ?? 'inline'}]` };
}

function toToolUse({ id, name, arguments: text }: ToolCallPart): object {
  return { type: 'tool_use', id, name, input: toInput(text) };
}

/** The wire takes an object only; what a model produced may be none, and then stands in one as it is. */
function toInput(text: string): object {
  if (text.trim() === '') return {};
  return parseObject(text) ?? { arguments: text };
}

function hasFailed(part: Part): boolean {
  return part.type === 'tool_result' && (part.status === 'failed' || part.status === 'cancelled');
}

function toToolResult(part: ToolResultPart): object {
  const { toolCallId, content, images = [], status } = part;
  // An error may not be empty.
  if (hasFailed(part))
    return { type: 'tool_result', tool_use_id: toolCallId, content: content || status, is_error: true };
  // Nor may a text in a list.
  const texts = content.trim() === '' ? [] : [{ type: 'text', text: content }];
  return {
    type: 'tool_result',
    tool_use_id: toolCallId,
    content: images.length === 0 ? content : [...texts, ...images.map(toImage)],
  };
}
