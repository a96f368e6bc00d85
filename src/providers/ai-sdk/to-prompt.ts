import type { ImagePart, Part, Role, ToolCallPart, ToolResultPart } from '../../core/message.ts';
import { parseObject } from '../wire/json-shape.ts';
import { toolImages } from '../wire/tool-images.ts';

/** What the versions of the interface have in common, but for a file. */
export type PromptMessage<File> =
  | { role: 'system'; content: string }
  | { role: 'user'; content: (PromptText | File)[] }
  | { role: 'assistant'; content: (PromptText | PromptToolCall)[] }
  | { role: 'tool'; content: PromptToolResult[] };

interface PromptText {
  type: 'text';
  text: string;
}

interface PromptToolCall {
  type: 'tool-call';
  toolCallId: string;
  toolName: string;
  input: unknown;
}

interface PromptToolResult {
  type: 'tool-result';
  toolCallId: string;
  toolName: string;
  output: { type: 'text' | 'error-text'; value: string };
}

/** Instructions and messages of parts → the interface's messages, of which one holds either results or what was said. */
export function toPrompt<File>(
  instructions: string | undefined,
  messages: readonly { role: Role; parts: readonly Part[] }[],
  toFile: (image: ImagePart) => File,
): PromptMessage<File>[] {
  const prompt: PromptMessage<File>[] = [];
  if (instructions) prompt.push({ role: 'system', content: instructions });
  const toolNames = new Map<string, string>();
  for (const { role, parts } of messages) {
    for (const part of parts) if (part.type === 'tool_call') toolNames.set(part.id, part.name);
    if (role === 'assistant') pushAssistantMessage(parts, prompt);
    else pushUserMessages(parts, toolNames, toFile, prompt);
  }
  return prompt;
}

function pushAssistantMessage<File>(parts: readonly Part[], prompt: PromptMessage<File>[]): void {
  const content: (PromptText | PromptToolCall)[] = [];
  for (const part of parts) {
    if (part.type === 'text' && part.text !== '') content.push({ type: 'text', text: part.text });
    // Most vendors have no place for a picture of the assistant's.
    else if (part.type === 'image')
      content.push({ type: 'text', text: `[image: ${part.description ?? part.url ?? 'inline'}]` });
    else if (part.type === 'tool_call') content.push(toToolCall(part));
  }
  // Vendors refuse empty messages, such as an answer in which nothing was said.
  if (content.length > 0) prompt.push({ role: 'assistant', content });
}

/** Results first: vendors want them right behind the message that called the tools. */
function pushUserMessages<File>(
  parts: readonly Part[],
  toolNames: ReadonlyMap<string, string>,
  toFile: (image: ImagePart) => File,
  prompt: PromptMessage<File>[],
): void {
  const results: PromptToolResult[] = [];
  const content: (PromptText | File)[] = [];
  // Of the vendors' packages that take pictures in a result, some write them out as text.
  for (const part of [...toolImages(parts), ...parts]) {
    if (part.type === 'tool_result') results.push(toToolResult(part, toolNames));
    else if (part.type === 'text' && part.text !== '') content.push({ type: 'text', text: part.text });
    else if (part.type === 'image') content.push(toFile(part));
  }
  if (results.length > 0) prompt.push({ role: 'tool', content: results });
  if (content.length > 0) prompt.push({ role: 'user', content });
}

/** The interface takes an object; what a model produced may be none, and then stands in one as it is. */
function toToolCall({ id, name, arguments: text }: ToolCallPart): PromptToolCall {
  const input = text.trim() === '' ? {} : (parseObject(text) ?? { arguments: text });
  return { type: 'tool-call', toolCallId: id, toolName: name, input };
}

/** Some vendors know a call by its tool's name alone, which only the call tells. */
function toToolResult(
  { toolCallId, content, status }: ToolResultPart,
  toolNames: ReadonlyMap<string, string>,
): PromptToolResult {
  const failed = status === 'failed' || status === 'cancelled';
  return {
    type: 'tool-result',
    toolCallId,
    toolName: toolNames.get(toolCallId) ?? toolCallId,
    // Some refuse an error that says nothing.
    output: failed ? { type: 'error-text', value: content || status } : { type: 'text', value: content },
  };
}
