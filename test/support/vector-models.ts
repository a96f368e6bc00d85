import { ProviderError } from '../../src/core/errors.ts';
import type { Provider } from '../../src/core/ports/provider.ts';
import { createScriptedProvider } from './scripted-provider.ts';

/** A provider that takes OpenAI's own words for texts as vectors; a model's name may say how it fails. */
export function vectorModels(models: readonly string[]): Provider {
  return {
    ...createScriptedProvider([], { name: 'vectors', models }),
    dialects: ['embeddings'],
    async *forward({ model }) {
      if (model.endsWith('-garbled')) throw new ProviderError('malformed', 'no vectors');
      if (model.endsWith('-late')) throw new ProviderError('timeout', 'no vectors in time');
      const data = [{ object: 'embedding', index: 0, embedding: [0.5] }];
      const body = { object: 'list', data, model, usage: { prompt_tokens: 1, total_tokens: 1 } };
      yield { bytes: Buffer.from(JSON.stringify(body)), finish: {} };
    },
  };
}
