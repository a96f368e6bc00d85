import type { Part } from '../../core/message.ts';
import type { ProviderCall, ProviderEvent } from '../../core/ports/provider.ts';
import { estimateTokens, type Usage } from '../../core/usage.ts';
import type { EchoAnswer } from './answer-to.ts';

/** Counted as the core counts where nobody else does, and marked as the estimate it is. */
export function countUsage(call: ProviderCall, answer: EchoAnswer): Usage {
  let inputTokens = estimateTokens(call.instructions ?? '');
  for (const { parts } of call.messages) for (const part of parts) inputTokens += estimateTokens(readIn(part));
  let outputTokens = 0;
  for (const event of answer.events) outputTokens += estimateTokens(saidIn(event));
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens, estimated: true };
}

function readIn(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
      return part.url ?? part.data ?? '';
    case 'tool_call':
      return part.name + part.arguments;
    case 'tool_result':
      return part.content + (part.images ?? []).map(readIn).join('');
  }
}

function saidIn(event: ProviderEvent): string {
  switch (event.type) {
    case 'text':
      return event.text;
    case 'tool_call':
      return (event.name ?? '') + event.arguments;
    case 'finish':
      return '';
  }
}
