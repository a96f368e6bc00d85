import { createHash } from 'node:crypto';
import { ProviderError } from '../../core/errors.ts';
import type { EmbedCall, Embeddings } from '../../core/ports/provider.ts';
import { estimateTokens } from '../../core/usage.ts';

const USUAL = 8;
const MOST = 4096;

/** Texts → vectors of length 1 that say nothing of what was meant: the same text has the same one, and others others. */
export function embed({ input, dimensions = USUAL }: EmbedCall): Embeddings {
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MOST)
    throw new ProviderError('unsupported_parameter', `an echo has 1 to ${MOST} dimensions`, {
      parameter: 'dimensions',
    });
  const inputTokens = input.reduce((sum, text) => sum + estimateTokens(text), 0);
  return {
    vectors: input.map((text) => vectorOf(text, dimensions)),
    usage: { inputTokens, outputTokens: 0, totalTokens: inputTokens, estimated: true },
  };
}

function vectorOf(text: string, dimensions: number): number[] {
  const next = numbersFrom(createHash('sha256').update(text).digest().readUInt32LE(0));
  const vector = Array.from({ length: dimensions }, next);
  const length = Math.hypot(...vector) || 1;
  return vector.map((number) => number / length);
}

/** From -1 to 1, always the same from one seed (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}
