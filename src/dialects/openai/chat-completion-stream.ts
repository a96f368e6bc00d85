import type { AnswerPiece, CompletionWriter } from '../../core/completion.ts';
import type { Run, RunError } from '../../core/run.ts';
import { chatCompletionId } from './answer-ids.ts';
import { toChatUsage } from './to-chat-usage.ts';
import { runErrorBody } from './to-error.ts';

/**
 * A chat completion as Server-Sent Events: `data:` lines of chunks, the last of them `[DONE]`. The first chunk names the
 * role; usage comes in a chunk of its own, when the client asked for it.
 */
export function createChatCompletionStream(run: Run, options: { usage: boolean }): CompletionWriter {
  const head = JSON.stringify({
    id: chatCompletionId(run.id),
    object: 'chat.completion.chunk',
    created: Math.floor(run.createdAt / 1000),
    model: run.model,
  }).slice(0, -1);
  const tail = options.usage ? ',"usage":null}\n\n' : '}\n\n';
  let begun = false;

  function chunk(delta: object, finishReason: string | null = null): string {
    const choice = { index: 0, delta, logprobs: null, finish_reason: finishReason };
    return `data: ${head},"choices":[${JSON.stringify(choice)}]${tail}`;
  }

  function begin(): string {
    if (begun) return '';
    begun = true;
    return chunk({ role: 'assistant', content: '', refusal: null });
  }

  return {
    events: (events) => begin() + events.map((event) => chunk(toDelta(event))).join(''),
    end({ finishReason = 'stop', usage }) {
      const last =
        options.usage && usage ? `data: ${head},"choices":[],"usage":${JSON.stringify(toChatUsage(usage))}}\n\n` : '';
      return `${begin()}${chunk({}, finishReason)}${last}data: [DONE]\n\n`;
    },
    failed: chatStreamError,
  };
}

/** In the place of all that would have followed. */
export function chatStreamError(error: RunError): string {
  return `data: ${JSON.stringify(runErrorBody(error))}\n\n`;
}

function toDelta(event: AnswerPiece): object {
  if (event.type === 'text') return { content: event.text };
  const { index, id, name, arguments: text } = event;
  const isFirst = id !== undefined || name !== undefined;
  return {
    tool_calls: [{ index, ...(isFirst ? { id, type: 'function' } : {}), function: { name, arguments: text } }],
  };
}
