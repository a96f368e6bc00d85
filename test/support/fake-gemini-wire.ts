import type { Behaviour } from './fake-behaviour.ts';
import { chunksOf, type FakeBody, type FakeWire, textFor, tokensIn } from './fake-wire.ts';

/** Gemini's `generateContent` and `streamGenerateContent?alt=sse`, as Google documents them; Vertex speaks the same. */
export const fakeGeminiWire: FakeWire = {
  whole(request, behaviour) {
    const text = lastText(request, behaviour);
    const parts = [...(text === '' ? [] : [{ text }]), ...callParts(behaviour)];
    return answer(request, behaviour, parts, text, finishOf(behaviour));
  },

  stream(request, behaviour) {
    const text = lastText(request, behaviour);
    let said = '';
    const events = chunksOf(text, behaviour).map((chunk) => {
      said += chunk;
      return event(answer(request, behaviour, [{ text: chunk }], said));
    });
    // A call comes in one piece.
    for (const part of callParts(behaviour)) events.push(event(answer(request, behaviour, [part], said)));
    return [...events, event(answer(request, behaviour, [{ text: '' }], said, finishOf(behaviour)))];
  },

  error: errorOf,
  errorEvent: (behaviour) => event(errorOf(behaviour)),
};

function lastText(request: FakeBody, behaviour: Behaviour): string {
  const contents = Array.isArray(request.contents) ? request.contents : [];
  return textFor(
    { messages: contents.map((content) => ({ role: content?.role, content: content?.parts })) },
    behaviour,
  );
}

function callParts({ toolCalls = [] }: Behaviour): object[] {
  return toolCalls.map(({ name, arguments: text }) => ({ functionCall: { name, args: JSON.parse(text) } }));
}

function finishOf({ finish = 'STOP' }: Behaviour): string {
  return finish;
}

function answer(request: FakeBody, behaviour: Behaviour, parts: object[], said: string, finishReason?: string): object {
  return {
    candidates: [{ content: { parts, role: 'model' }, ...(finishReason ? { finishReason } : {}), index: 0 }],
    ...(behaviour.usage === false ? {} : { usageMetadata: usageOf(request, behaviour, said) }),
    modelVersion: 'gemini-2.5-pro',
    responseId: 'mAitaLmkHPPlz7IPvtfUqQ4',
  };
}

/** Thoughts are counted beside the candidates, what was cached is part of the prompt. */
function usageOf(request: FakeBody, { cachedTokens, reasoningTokens }: Behaviour, said: string): object {
  const input = tokensIn(JSON.stringify(request.contents ?? ''));
  const output = tokensIn(said);
  return {
    promptTokenCount: input,
    candidatesTokenCount: output,
    totalTokenCount: input + output + (reasoningTokens ?? 0),
    ...(cachedTokens === undefined ? {} : { cachedContentTokenCount: cachedTokens }),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: input }],
    ...(reasoningTokens === undefined ? {} : { thoughtsTokenCount: reasoningTokens }),
  };
}

function errorOf({ status, code, message = 'The fake was told to fail.' }: Behaviour): object {
  const number = status ?? (code === 'RESOURCE_EXHAUSTED' ? 429 : 503);
  return { error: { code: number, message, status: code ?? words[number] ?? 'INTERNAL' } };
}

const words: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** Google ends its lines as HTTP does. */
function event(data: object): string {
  return `data: ${JSON.stringify(data)}\r\n\r\n`;
}
