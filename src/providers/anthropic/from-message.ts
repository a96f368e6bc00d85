import type { ProviderEvent } from '../../core/ports/provider.ts';
import { Malformed, Reported } from '../wire/bad-answer.ts';
import { isObject, type JsonObject, listIn, objectIn, textIn } from '../wire/json-shape.ts';
import { fromMessageUsage } from './from-message-usage.ts';
import { mapStopReason } from './map-stop-reason.ts';

/** The body of a message → its events. Blocks of other types, such as thoughts, are not for the client. */
export function fromMessage(message: JsonObject): ProviderEvent[] {
  if (message.type === 'error') throw new Reported(message);
  if (!Array.isArray(message.content)) throw new Malformed('no content');
  const events: ProviderEvent[] = [];
  let calls = 0;
  for (const block of listIn(message, 'content')) {
    if (!isObject(block)) continue;
    const text = block.type === 'text' ? textIn(block, 'text') : undefined;
    if (text) events.push({ type: 'text', text });
    if (block.type === 'tool_use') events.push(fromToolUse(block, calls++, JSON.stringify(block.input ?? {})));
  }
  const usage = fromMessageUsage(objectIn(message, 'usage'));
  const reason = mapStopReason(textIn(message, 'stop_reason'), calls > 0);
  events.push({ type: 'finish', reason, ...(usage ? { usage } : {}) });
  return events;
}

/** A `tool_use` block → the call's first event, with as much of its arguments as is there. */
export function fromToolUse(block: JsonObject, index: number, text: string): ProviderEvent {
  const id = textIn(block, 'id');
  const name = textIn(block, 'name');
  if (id === undefined || name === undefined) throw new Malformed('a tool call without id or name');
  return { type: 'tool_call', index, id, name, arguments: text };
}
