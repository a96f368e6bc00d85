import { fakeChatWire } from './fake-chat-wire.ts';
import { fakeConverseWire } from './fake-converse-wire.ts';
import { fakeCountWire } from './fake-count-wire.ts';
import { fakeEmbeddingsWire } from './fake-embeddings-wire.ts';
import { fakeGeminiWire } from './fake-gemini-wire.ts';
import { fakeMessagesWire } from './fake-messages-wire.ts';
import { fakeResponsesWire } from './fake-responses-wire.ts';
import { fakeGeminiVectors, fakeTitanVectors } from './fake-vector-wires.ts';
import type { FakeWire } from './fake-wire.ts';

/** Which wire an address belongs to, and what it says by itself where the body does not. */
export interface FakeRoute {
  wire: FakeWire;
  model?: string;
  stream?: boolean;
}

export function routeOf(address: string): FakeRoute | undefined {
  const exact = wires[address];
  if (exact) return { wire: exact };
  const { pathname, searchParams } = new URL(address, 'http://fake');
  for (const [pattern, toRoute] of patterns) {
    const [, name = '', verb = ''] = pattern.exec(pathname) ?? [];
    if (name !== '') return toRoute(decodeURIComponent(name), verb, searchParams);
  }
  return undefined;
}

const wires: Readonly<Record<string, FakeWire>> = {
  '/v1/chat/completions': fakeChatWire,
  '/v1/messages': fakeMessagesWire,
  '/v1/embeddings': fakeEmbeddingsWire,
  '/v1/messages/count_tokens': fakeCountWire,
  '/openai/v1/responses?api-version=v1': fakeResponsesWire,
  '/openai/v1/responses': fakeResponsesWire,
  '/openai/v1/chat/completions': fakeChatWire,
  '/openai/v1/embeddings': fakeEmbeddingsWire,
};

const patterns: readonly [RegExp, (model: string, verb: string, query: URLSearchParams) => FakeRoute | undefined][] = [
  [/^\/(?:v1beta|[\w/-]+\/publishers\/google)\/models\/([^/:]+):(\w+)$/, toGemini],
  [/^\/model\/([^/]+)\/(converse|converse-stream)$/, toConverse],
  [/^\/model\/([^/]+)\/(invoke)$/, toTitan],
  [/^\/openai\/deployments\/([^/]+)\/chat\/completions$/, toDeployment],
];

/** Without `alt=sse` a stream would be one long array. */
function toGemini(model: string, verb: string, query: URLSearchParams): FakeRoute | undefined {
  if (verb === 'generateContent') return { wire: fakeGeminiWire, model, stream: false };
  if (verb === 'batchEmbedContents') return { wire: fakeGeminiVectors, model };
  const isStream = verb === 'streamGenerateContent' && query.get('alt') === 'sse';
  return isStream ? { wire: fakeGeminiWire, model, stream: true } : undefined;
}

function toConverse(model: string, verb: string): FakeRoute {
  return { wire: fakeConverseWire, model, stream: verb === 'converse-stream' };
}

function toTitan(model: string): FakeRoute {
  return { wire: fakeTitanVectors, model };
}

/** Azure knows no such address without a version. */
function toDeployment(model: string, _verb: string, query: URLSearchParams): FakeRoute | undefined {
  return query.has('api-version') ? { wire: fakeChatWire, model } : undefined;
}
