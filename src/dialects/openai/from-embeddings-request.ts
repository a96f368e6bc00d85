import type { IncomingHttpHeaders } from 'node:http';
import type { EmbedCall, ForwardCall } from '../../core/ports/provider.ts';
import { type HarmlessMembers, refuseOthers, unsupported } from '../refuse.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import type { Schemas } from './schemas.ts';

const members: ReadonlySet<string> = new Set(['model', 'input', 'encoding_format', 'dimensions']);

const harmless: HarmlessMembers = {
  user: { reason: 'tells OpenAI which user asks, for its own watch on abuse' },
};

export interface EmbeddingsRequest {
  model: string;
  original: Omit<ForwardCall, 'model' | 'stream'>;
  /** Throws `UNSUPPORTED_PARAMETER` for what only a provider with OpenAI's words can be asked. */
  toCall(): Omit<EmbedCall, 'model'>;
}

export function fromEmbeddingsRequest(
  body: Schemas['EmbeddingsRequest'],
  source: { bytes: Buffer; headers: IncomingHttpHeaders },
): EmbeddingsRequest {
  return {
    model: body.model,
    original: {
      dialect: 'embeddings',
      body: source.bytes,
      wantsUsage: true,
      headers: forwardedHeaders(source.headers),
    },
    toCall() {
      refuseOthers(body, members, harmless, '');
      const input = typeof body.input === 'string' ? [body.input] : body.input.map(toText);
      return { input, ...(typeof body.dimensions === 'number' ? { dimensions: body.dimensions } : {}) };
    },
  };
}

/** Tokens mean something to the model alone whose tokenizer made them. */
function toText(item: string | number | number[], index: number): string {
  if (typeof item !== 'string') throw unsupported(`/input/${index}`);
  return item;
}
