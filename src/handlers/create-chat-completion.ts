import { createChatCompletionStream } from '../dialects/openai/chat-completion-stream.ts';
import { createChatCompletionWriter } from '../dialects/openai/chat-completion-writer.ts';
import { fromChatCompletionRequest } from '../dialects/openai/from-chat-completion-request.ts';
import type { Handler } from './handler.ts';
import { sourceOf } from './source-of.ts';
import { textOfCompletion } from './text-of-completion.ts';

export const createChatCompletion: Handler<'createChatCompletion'> = async (context, { body }, reply) => {
  const { gateway, principal, signal } = context;
  const request = fromChatCompletionRequest(body, sourceOf(context));
  const active = await gateway.runs.complete(principal, request, { signal });
  const writer = request.stream
    ? createChatCompletionStream(active.run, { usage: body.stream_options?.include_usage ?? false })
    : createChatCompletionWriter();
  return reply.text(await textOfCompletion(active, request.stream, writer));
};
