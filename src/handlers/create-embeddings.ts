import type { EmbedRequest } from '../core/completion.ts';
import { fromEmbeddingsRequest } from '../dialects/openai/from-embeddings-request.ts';
import { toEmbeddings } from '../dialects/openai/to-embeddings.ts';
import { unsupported } from '../dialects/refuse.ts';
import type { Handler } from './handler.ts';
import { sourceOf } from './source-of.ts';
import { textOfCompletion } from './text-of-completion.ts';

export const createEmbeddings: Handler<'createEmbeddings'> = async (context, { body }, reply) => {
  const { gateway, principal, signal } = context;
  const { model, original, toCall: toEmbedCall } = fromEmbeddingsRequest(body, sourceOf(context));
  const toCall = () => {
    throw unsupported('/model');
  };
  const embed: EmbedRequest = {
    toCall: toEmbedCall,
    write: (run, embeddings) => JSON.stringify(toEmbeddings(embeddings, run.model, body.encoding_format)),
  };
  // Vectors are no tokens: only what is read counts.
  const request = { channel: 'api', model, stream: false, original, toCall, embed, maxOutputTokens: 0 };
  const active = await gateway.runs.complete(principal, request, { signal });
  return reply.text(await textOfCompletion(active, false, { events: () => '', end: () => '' }));
};
