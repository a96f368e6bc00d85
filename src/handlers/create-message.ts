import { fromMessagesRequest } from '../dialects/anthropic/from-messages-request.ts';
import { createMessageStream } from '../dialects/anthropic/message-stream.ts';
import { createMessageWriter } from '../dialects/anthropic/message-writer.ts';
import { wholeCompletion, writeCompletion } from '../dialects/write-completion.ts';
import type { Handler } from './handler.ts';
import { sourceOf } from './source-of.ts';

export const createMessage: Handler<'createMessage'> = async (context, { body }, reply) => {
  const { gateway, principal, signal } = context;
  const request = fromMessagesRequest(body, sourceOf(context));
  const active = await gateway.runs.complete(principal, request, { signal });
  const { run, tokens } = active;
  if (!request.stream) {
    const text = await wholeCompletion(active, createMessageWriter());
    return reply.text({ contentType: 'application/json', text, run, tokens });
  }
  const chunks = writeCompletion(active, createMessageStream(run));
  return reply.text({ contentType: 'text/event-stream', chunks, run, tokens });
};
