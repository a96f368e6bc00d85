import assert from 'node:assert/strict';
import type { Provider } from '../../../src/core/ports/provider.ts';
import { createAiSdkProvider } from '../../../src/providers/ai-sdk/index.ts';
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts';
import { KEY } from '../wires.ts';
import { realOptions } from './real-packages.ts';

const never = new AbortController().signal;
const settings = { apiKey: KEY };

interface Row {
  package: string;
  base: string;
  settings: Record<string, unknown>;
  model: string;
  path: string;
  calls: number;
  /** Titan is asked for one text at a time, and so has one place. */
  vectors: number[][];
  tokens?: number;
  /** How the wish for a length is told; the packages for Azure and Bedrock drop it, and say nothing. */
  dimensions?: string;
}

const apart = [
  [0.3, 0, -0.5],
  [0.5, 1, -0.5],
];

const rows: Row[] = [
  {
    package: '@ai-sdk/openai',
    base: '/v1',
    settings,
    model: 'text-embedding-3-small',
    path: '/v1/embeddings',
    calls: 1,
    vectors: apart,
    tokens: 2,
    dimensions: '"dimensions":3',
  },
  {
    package: '@ai-sdk/azure',
    base: '/openai/v1',
    settings,
    model: 'text-embedding-3-small',
    path: '/openai/v1/embeddings',
    calls: 1,
    vectors: apart,
    tokens: 2,
  },
  {
    package: '@ai-sdk/google',
    base: '/v1beta',
    settings,
    model: 'gemini-embedding-001',
    path: '/v1beta/models/gemini-embedding-001:batchEmbedContents',
    calls: 1,
    vectors: apart,
    dimensions: '"outputDimensionality":3',
  },
  {
    package: '@ai-sdk/amazon-bedrock',
    base: '',
    settings: { ...settings, region: 'eu-north-1' },
    model: 'amazon.titan-embed-text-v2:0',
    path: '/model/amazon.titan-embed-text-v2%3A0/invoke',
    calls: 2,
    vectors: [
      [0.3, 0, -0.5],
      [0.5, 0, -0.5],
    ],
    tokens: 3,
  },
];

for (const row of rows) {
  const { model } = row;
  describe(`embeddings through ${row.package}`, () => {
    let fake: FakeProvider;
    let provider: Provider;
    beforeEach(async () => {
      fake = await startFakeProvider();
      provider = await createAiSdkProvider(realOptions(row, fake, { models: [model] }));
    });
    afterEach(async () => {
      await provider.close();
      await fake.close();
    });

    it('are vectors in the order of the texts', async () => {
      const { tokens } = row;
      assert.deepEqual(await provider.embed?.({ model, input: ['one', 'three'] }, never), {
        vectors: row.vectors,
        ...(tokens === undefined ? {} : { usage: { inputTokens: tokens, outputTokens: 0, totalTokens: tokens } }),
      });
      assert.deepEqual(
        fake.requests.map(({ path }) => path),
        Array(row.calls).fill(row.path),
      );
    });

    it('are as long as was asked for, or not at all', async () => {
      const embed = async (dimensions: number) => provider.embed?.({ model, input: ['a', 'b'], dimensions }, never);
      assert.equal((await embed(3))?.vectors[0]?.length, 3);
      assert.ok(JSON.stringify(fake.requests[0]?.body).includes(row.dimensions ?? ''));
      await assert.rejects(embed(2), { kind: 'unsupported_parameter', parameter: 'dimensions' });
    });

    it('fail as answers do', async () => {
      fake.next({ status: 429, headers: { 'retry-after': '1' } });
      await assert.rejects(async () => provider.embed?.({ model, input: ['one', 'two'] }, never), {
        kind: 'rate_limited',
        retryAfterMs: 1000,
      });
    });
  });
}

describe('embeddings', () => {
  it('are not offered where the package has none', async () => {
    const fake = await startFakeProvider();
    const real = { package: '@ai-sdk/anthropic', settings, base: '/v1' };
    const provider = await createAiSdkProvider(realOptions(real, fake));
    assert.equal(provider.embed, undefined);
    await provider.close();
    await fake.close();
  });

  it('have no usage where the vendor’s count is none', async () => {
    const fake = await startFakeProvider();
    const model = 'cohere.embed-english-v3';
    const real = { package: '@ai-sdk/amazon-bedrock', settings: { ...settings, region: 'eu-north-1' }, base: '' };
    const provider = await createAiSdkProvider(realOptions(real, fake, { models: [model] }));
    // Cohere counts in a header, which is missing here.
    fake.next({ body: JSON.stringify({ embeddings: [[1, 2]] }) });
    assert.deepEqual(await provider.embed?.({ model, input: ['one'] }, never), { vectors: [[1, 2]] });
    await provider.close();
    await fake.close();
  });
});
