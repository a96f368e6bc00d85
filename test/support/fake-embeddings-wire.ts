import { fakeChatWire } from './fake-chat-wire.ts';
import { type FakeWire, tokensIn } from './fake-wire.ts';

/** The embeddings of the chat-completions wire: a vector for each text, of its length and its place. */
export const fakeEmbeddingsWire: FakeWire = {
  ...fakeChatWire,
  whole(request) {
    const texts = [request.input].flat().map(String);
    const tokens = tokensIn(texts.join(''));
    return {
      object: 'list',
      data: texts.map((text, index) => ({ object: 'embedding', index, embedding: [text.length / 10, index, -0.5] })),
      model: request.model,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    };
  },
  stream: () => [],
};
