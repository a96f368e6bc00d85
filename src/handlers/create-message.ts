import { fromMessagesRequest } from '../dialects/anthropic/from-messages-request.ts';
import { createMessageStream } from '../dialects/anthropic/message-stream.ts';
import { createMessageWriter } from '../dialects/anthropic/message-writer.ts';
import { writeCompletion } from '../dialects/write-completion.ts';
import type { Handler } from './handler.ts';
import { sourceOf } from './source-of.ts';

export const createMessage: Handler<'createMessage'> = async (context, { body }, reply) => {
  const { gateway, principal, signal } = context;
  const request = fromMessagesRequest(body, sourceOf(context));
  const active = await gateway.runs.complete(principal, request, { signal });
  const { run } = active;
  const writer = request.stream ? createMessageStream(run) : createMessageWriter();
  const contentType = request.stream ? 'text/event-stream' : 'application/json';
  return reply.text({ contentType, chunks: writeCompletion(active, writer), run, tokens: active.tokens });
};
