import { fromMessagesRequest } from '../dialects/anthropic/from-messages-request.ts';
import { createMessageStream } from '../dialects/anthropic/message-stream.ts';
import { createMessageWriter } from '../dialects/anthropic/message-writer.ts';
import type { Handler } from './handler.ts';
import { sourceOf } from './source-of.ts';
import { textOfCompletion } from './text-of-completion.ts';

export const createMessage: Handler<'createMessage'> = async (context, { body }, reply) => {
  const { gateway, principal, signal } = context;
  const request = fromMessagesRequest(body, sourceOf(context));
  const active = await gateway.runs.complete(principal, request, { signal });
  const writer = request.stream ? createMessageStream(active.run) : createMessageWriter();
  return reply.text(await textOfCompletion(active, request.stream, writer));
};
