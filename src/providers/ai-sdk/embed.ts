import { ProviderError } from '../../core/errors.ts';
import type { EmbedCall, Embeddings } from '../../core/ports/provider.ts';
import type { Signal } from '../../core/ports/signal.ts';
import { Malformed } from '../wire/bad-answer.ts';
import { BoundedCall } from './bounded-call.ts';
import { fromError } from './from-error.ts';
import { refuseWarnings } from './from-warnings.ts';
import type { Room } from './room.ts';
import type { EmbeddingModel } from './vendor.ts';

/** Texts as vectors, in as many calls as the vendor's bound takes, one after the other: all of them or none. */
export async function embed(
  room: Room,
  embeddingModel: (id: string) => EmbeddingModel,
  call: EmbedCall,
  signal: Signal,
): Promise<Embeddings> {
  signal.throwIfAborted();
  const bounds = new BoundedCall(room, signal);
  try {
    const model = embeddingModel(call.model);
    const most = (await bounds.wait(Promise.resolve(model.maxEmbeddingsPerCall))) ?? call.input.length;
    const vectors: number[][] = [];
    let tokens: number | undefined = 0;
    for (const values of inBatches(call.input, most)) {
      const result = await bounds.wait(embedBatch(model, values, call, bounds.signal));
      bounds.begun();
      refuseWarnings('warnings' in result ? result.warnings : []);
      if (result.embeddings.length !== values.length) throw new Malformed('not as many vectors as texts');
      refuseOtherLengths(result, call);
      vectors.push(...result.embeddings);
      tokens = sumOf(tokens, result.usage?.tokens);
    }
    room.outcome.succeeded();
    return { vectors, ...(tokens === undefined ? {} : { usage: usageOf(tokens) }) };
  } catch (thrown) {
    const error = fromError(bounds.reason(thrown), room, signal);
    room.outcome.failed(error);
    throw error;
  } finally {
    bounds.end();
  }
}

type Result = Awaited<ReturnType<EmbeddingModel['doEmbed']>>;

async function embedBatch(
  model: EmbeddingModel,
  values: string[],
  { dimensions }: EmbedCall,
  abortSignal: AbortSignal,
): Promise<Result> {
  if (model.specificationVersion === 'v4')
    return model.doEmbed({ values, abortSignal, ...(dimensions === undefined ? {} : { dimensions }) });
  if (dimensions !== undefined)
    throw new ProviderError('unsupported_parameter', `version ${model.specificationVersion} has no dimensions`, {
      parameter: 'dimensions',
    });
  return model.doEmbed({ values, abortSignal });
}

/** Some packages have no word for the wish and give no warning: what came tells. */
function refuseOtherLengths({ embeddings }: Result, { dimensions }: EmbedCall): void {
  if (dimensions === undefined || embeddings.every(({ length }) => length === dimensions)) return;
  throw new ProviderError('unsupported_parameter', 'the vectors are of another length than was asked for', {
    parameter: 'dimensions',
  });
}

/** Unknown as soon as one is: a package may even count to no number. */
function sumOf(sum: number | undefined, more: number | undefined): number | undefined {
  if (sum === undefined || more === undefined || !Number.isSafeInteger(more)) return undefined;
  return sum + more;
}

function usageOf(tokens: number): NonNullable<Embeddings['usage']> {
  return { inputTokens: tokens, outputTokens: 0, totalTokens: tokens };
}

function inBatches(input: readonly string[], most: number): string[][] {
  const size = Math.max(1, Math.min(most, input.length));
  return Array.from({ length: Math.ceil(input.length / size) }, (_, n) => input.slice(n * size, (n + 1) * size));
}
