import type { ProviderEvent } from '../../core/ports/provider.ts';
import { Malformed, Reported } from '../wire/bad-answer.ts';
import { isObject, type JsonObject, listIn, objectIn, textIn } from '../wire/json-shape.ts';
import { fromChatContent } from './from-chat-content.ts';
import { isChatError } from './from-error.ts';
import { fromChatUsage } from './from-usage.ts';
import { mapFinishReason } from './map-finish-reason.ts';

/** The body of a chat completion → the events of its first choice; we never ask for a second. */
export function fromChatAnswer(answer: JsonObject): ProviderEvent[] {
  if (isChatError(answer)) throw new Reported(answer);
  const [choice] = listIn(answer, 'choices');
  const message = isObject(choice) ? objectIn(choice, 'message') : undefined;
  if (!isObject(choice) || !message) throw new Malformed('no choice with a message');

  const events: ProviderEvent[] = [];
  const text = fromChatContent(message.content);
  const refusal = textIn(message, 'refusal') ?? '';
  if (text + refusal !== '') events.push({ type: 'text', text: text + refusal });
  const calls = listIn(message, 'tool_calls').filter(isObject);
  for (const [index, call] of calls.entries()) events.push(fromToolCall(call, index, textIn(answer, 'id')));

  const reason = refusal === '' ? mapFinishReason(textIn(choice, 'finish_reason'), calls.length > 0) : 'content_filter';
  const usage = fromChatUsage(objectIn(answer, 'usage'));
  events.push({ type: 'finish', reason, ...(usage ? { usage } : {}) });
  return events;
}

function fromToolCall(call: JsonObject, index: number, answerId: string | undefined): ProviderEvent {
  const called = objectIn(call, 'function');
  const name = called ? textIn(called, 'name') : undefined;
  if (!called || name === undefined) throw new Malformed('a tool call without a name');
  return {
    type: 'tool_call',
    index,
    id: textIn(call, 'id') || inventedId(answerId, index),
    name,
    arguments: textIn(called, 'arguments') ?? JSON.stringify(called.arguments ?? {}),
  };
}

/** For servers that give their calls no id: made of the answer's, so that it is the same when read twice. */
export function inventedId(answerId: string | undefined, index: number): string {
  return `call_${answerId ?? 'answer'}_${index}`;
}
