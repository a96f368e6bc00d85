import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createEchoProvider } from '../../../src/providers/echo/index.ts';

describe('the vectors of an echo', () => {
  const provider = createEchoProvider({ name: 'echo' });
  const never = new AbortController().signal;

  async function embed(input: string[], dimensions?: number) {
    assert.ok(provider.embed);
    return provider.embed({ model: 'echo', input, ...(dimensions === undefined ? {} : { dimensions }) }, never);
  }

  it('are of length 1, always the same, and others for other texts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 64 }),
        async (texts, dimensions) => {
          const { vectors } = await embed(texts, dimensions);
          assert.deepEqual((await embed(texts, dimensions)).vectors, vectors);
          assert.equal(vectors.length, texts.length);
          for (const vector of vectors) {
            assert.equal(vector.length, dimensions);
            assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-9);
          }
          if (dimensions > 4) assert.equal(new Set(vectors.map(String)).size, texts.length);
        },
      ),
    );
  });

  it('have 8 dimensions unless told otherwise, and up to 4096', async () => {
    assert.equal((await embed(['a'])).vectors[0]?.length, 8);
    assert.equal((await embed(['a'], 4096)).vectors[0]?.length, 4096);
    for (const dimensions of [0, 4097, 1.5])
      await assert.rejects(embed(['a'], dimensions), { kind: 'unsupported_parameter', parameter: 'dimensions' });
  });

  it('are counted', async () => {
    const { usage } = await embed(['four', 'and eight']);
    assert.deepEqual(usage, { inputTokens: 4, outputTokens: 0, totalTokens: 4, estimated: true });
  });

  it('are not made for somebody who has gone', async () => {
    await assert.rejects(
      async () => provider.embed?.({ model: 'echo', input: ['a'] }, AbortSignal.abort(new Error('gone'))),
      /gone/,
    );
  });
});
