import { type Part, textOf } from '../../core/message.ts';
import type { Run } from '../../core/run.ts';
import { chatCompletionId } from './answer-ids.ts';
import type { Schemas } from './schemas.ts';
import { toChatUsage } from './to-chat-usage.ts';

/** What was said in a run that has ended → the body of a chat completion. */
export function toChatCompletion(run: Run, parts: readonly Part[]): Schemas['ChatCompletion'] {
  const calls = parts.flatMap((part) => (part.type === 'tool_call' ? [part] : []));
  const text = textOf(parts);
  return {
    id: chatCompletionId(run.id),
    object: 'chat.completion',
    created: Math.floor(run.createdAt / 1000),
    model: run.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && calls.length > 0 ? null : text,
          refusal: null,
          ...(calls.length > 0 ? { tool_calls: calls.map(toToolCall) } : {}),
        },
        logprobs: null,
        finish_reason: run.finishReason ?? 'stop',
      },
    ],
    ...(run.usage ? { usage: toChatUsage(run.usage) } : {}),
  };
}

function toToolCall({ id, name, arguments: text }: Extract<Part, { type: 'tool_call' }>): Schemas['ChatToolCall'] {
  return { id, type: 'function', function: { name, arguments: text } };
}
