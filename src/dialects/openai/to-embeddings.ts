import type { Embeddings } from '../../core/ports/provider.ts';
import type { Schemas } from './schemas.ts';

/** Vectors → the body of an embeddings answer. `input` is for the usage where the provider told none. */
export function toEmbeddings(
  { vectors, usage }: Embeddings,
  model: string,
  format: 'float' | 'base64' | null | undefined,
): Schemas['EmbeddingList'] {
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: format === 'base64' ? toBase64(vector) : [...vector],
    })),
    model,
    usage: { prompt_tokens: usage?.inputTokens ?? 0, total_tokens: usage?.totalTokens ?? 0 },
  };
}

/** 32-bit floats, the lowest byte first, whatever the machine's own order is. */
function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
