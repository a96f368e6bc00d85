import { ProviderError } from '../../src/core/errors.ts';
import type { DialectName, Provider } from '../../src/core/ports/provider.ts';
import { createScriptedProvider } from './scripted-provider.ts';

/** A provider that takes the vendors' own words for texts as vectors and for counting; a model's name may say how it fails. */
export function forwardingModels(models: readonly string[]): Provider {
  return {
    ...createScriptedProvider([], { name: 'forwarding', models }),
    dialects: ['embeddings', 'count-tokens'],
    async *forward({ dialect, model }) {
      if (model.endsWith('-garbled')) throw new ProviderError('malformed', 'no answer of this wire');
      if (model.endsWith('-late')) throw new ProviderError('timeout', 'no answer in time');
      yield { bytes: Buffer.from(JSON.stringify(answerOf(dialect, model))), finish: {} };
    },
  };
}

function answerOf(dialect: DialectName, model: string): object {
  if (dialect === 'count-tokens') return { input_tokens: 3 };
  const data = [{ object: 'embedding', index: 0, embedding: [0.5] }];
  return { object: 'list', data, model, usage: { prompt_tokens: 1, total_tokens: 1 } };
}
