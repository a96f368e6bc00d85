import { createChatCompletionStream } from '../dialects/openai/chat-completion-stream.ts';
import { createChatCompletionWriter } from '../dialects/openai/chat-completion-writer.ts';
import { fromChatCompletionRequest } from '../dialects/openai/from-chat-completion-request.ts';
import { wholeCompletion, writeCompletion } from '../dialects/write-completion.ts';
import type { Handler } from './handler.ts';
import { sourceOf } from './source-of.ts';

export const createChatCompletion: Handler<'createChatCompletion'> = async (context, { body }, reply) => {
  const { gateway, principal, signal } = context;
  const request = fromChatCompletionRequest(body, sourceOf(context));
  const active = await gateway.runs.complete(principal, request, { signal });
  const { run, tokens } = active;
  if (!request.stream) {
    const text = await wholeCompletion(active, createChatCompletionWriter());
    return reply.text({ contentType: 'application/json', text, run, tokens });
  }
  const writer = createChatCompletionStream(run, { usage: body.stream_options?.include_usage ?? false });
  return reply.text({ contentType: 'text/event-stream', chunks: writeCompletion(active, writer), run, tokens });
};
