import { fromEmbeddingsRequest } from '../dialects/openai/from-embeddings-request.ts';
import { unsupported } from '../dialects/openai/refuse.ts';
import { writeCompletion } from '../dialects/write-completion.ts';
import type { Handler } from './handler.ts';
import { sourceOf } from './source-of.ts';

export const createEmbeddings: Handler<'createEmbeddings'> = async (context, { body }, reply) => {
  const { gateway, principal, signal } = context;
  const { model, original } = fromEmbeddingsRequest(body, sourceOf(context));
  const toCall = () => {
    throw unsupported('/model');
  };
  const request = { channel: 'api', model, stream: false, original, toCall };
  const active = await gateway.runs.complete(principal, request, { signal });
  const chunks = writeCompletion(active, { events: () => '', end: () => '' });
  return reply.text({ contentType: 'application/json', chunks, run: active.run });
};
