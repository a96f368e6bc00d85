import type { Part, ToolCallPart } from '../../core/message.ts';
import type { Run } from '../../core/run.ts';
import { messageId } from './answer-id.ts';
import { mapFinishReason } from './map-finish-reason.ts';
import type { Schemas } from './schemas.ts';
import { toUsage } from './to-usage.ts';

/** What was said in a run that has ended → the body of a message. */
export function toMessage(run: Run, parts: readonly Part[]): Schemas['Message'] {
  return {
    id: messageId(run.id),
    type: 'message',
    role: 'assistant',
    model: run.model,
    content: parts.flatMap(toBlocks),
    stop_reason: mapFinishReason(run.finishReason),
    stop_sequence: null,
    usage: toUsage(run.usage),
  };
}

function toBlocks(part: Part): Schemas['OutputBlock'][] {
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text, citations: null }];
    case 'tool_call':
      return [{ type: 'tool_use', id: part.id, name: part.name, input: toInput(part) }];
    // Models answer with neither.
    case 'image':
    case 'tool_result':
      return [];
  }
}

/** This wire has objects only; what a model produced may be none, and then stands in one as it is. */
function toInput({ arguments: text }: ToolCallPart): Record<string, unknown> {
  if (text.trim() === '') return {};
  try {
    const input: unknown = JSON.parse(text);
    if (isObject(input)) return input;
  } catch {}
  return { arguments: text };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
