import assert from 'node:assert/strict';
import fc from 'fast-check';
import { answers } from '../../../generated/validators/openai.answers.js';
import { fromEmbeddingsRequest } from '../../../src/dialects/openai/from-embeddings-request.ts';
import { toEmbeddings } from '../../../src/dialects/openai/to-embeddings.ts';
import { failureOf } from './failure-of.ts';

const source = { bytes: Buffer.from('{}'), headers: {} };
type Body = Parameters<typeof fromEmbeddingsRequest>[0];
const callOf = (body: Partial<Body>) => fromEmbeddingsRequest({ model: 'm', input: 'a', ...body }, source).toCall();

describe('from-embeddings-request', () => {
  it('reads one text or several, and how long a vector is to be', () => {
    assert.deepEqual(callOf({ user: 'ann', encoding_format: 'base64', dimensions: null }), { input: ['a'] });
    assert.deepEqual(callOf({ input: ['a', 'b'], dimensions: 3 }), { input: ['a', 'b'], dimensions: 3 });
  });

  it('keeps what the client sent', () => {
    const { original } = fromEmbeddingsRequest({ model: 'm', input: [1, 2] }, source);
    assert.deepEqual(original, { dialect: 'embeddings', body: source.bytes, wantsUsage: true, headers: {} });
  });

  const refused: [pointer: string, body: Partial<Body>][] = [
    ['/input/0', { input: [1, 2] }],
    ['/input/0', { input: [[1], [2]] }],
    ['/task', { task: 'search' }],
  ];
  for (const [pointer, body] of refused) {
    it(`refuses ${pointer} of ${JSON.stringify(body)}`, () => {
      assert.deepEqual(
        failureOf(() => callOf(body)),
        ['UNSUPPORTED_PARAMETER', pointer],
      );
    });
  }
});

describe('to-embeddings', () => {
  const vectors = fc.array(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), {
    maxLength: 3,
  });

  it('keeps every number, in either form', () => {
    fc.assert(
      fc.property(vectors, fc.constantFrom('float' as const, 'base64' as const, null), (given, format) => {
        const body = toEmbeddings(
          { vectors: given, usage: { inputTokens: 2, outputTokens: 0, totalTokens: 2 } },
          'm',
          format,
        );
        assert.ok(answers.createEmbeddings?.['200']?.['application/json']?.(body));
        assert.deepEqual(
          body.data.map(({ index, embedding }) => [
            index,
            typeof embedding === 'string' ? floatsIn(embedding) : embedding,
          ]),
          given.map((vector, index) => [index, vector]),
        );
        assert.equal(
          body.data.every(({ embedding }) => typeof embedding === 'string'),
          format === 'base64' || given.length === 0,
        );
        assert.deepEqual(body.usage, { prompt_tokens: 2, total_tokens: 2 });
      }),
    );
  });
});

/** As the SDK reads it. */
function floatsIn(text: string): number[] {
  const bytes = Buffer.from(text, 'base64');
  return Array.from(new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)));
}
