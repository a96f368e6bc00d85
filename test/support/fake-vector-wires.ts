import { fakeConverseWire } from './fake-converse-wire.ts';
import { fakeGeminiWire } from './fake-gemini-wire.ts';
import { type FakeBody, type FakeWire, tokensIn } from './fake-wire.ts';

/** Gemini's `batchEmbedContents`: a vector for each text, of its length and its place, and no count of what was used. */
export const fakeGeminiVectors: FakeWire = {
  ...fakeGeminiWire,
  whole: ({ requests }) => ({
    embeddings: listOf(requests).map((request, index) => ({ values: [lengthOf(request), index, -0.5] })),
  }),
};

/** Titan's vector of one text, as long as Titan makes it when nobody says. */
export const fakeTitanVectors: FakeWire = {
  ...fakeConverseWire,
  whole: ({ inputText }: FakeBody) => ({
    embedding: [String(inputText).length / 10, 0, -0.5],
    inputTextTokenCount: tokensIn(String(inputText)),
  }),
};

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Of the text in `{ content: { parts: [{ text }] } }`. */
function lengthOf(request: unknown): number {
  const [, text = ''] = /"text":"([^"]*)"/.exec(JSON.stringify(request)) ?? [];
  return text.length / 10;
}
