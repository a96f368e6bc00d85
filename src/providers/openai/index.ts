/**
 * The chat-completions wire: OpenAI, and every server that speaks like it (Ollama, vLLM, DeepSeek and others). Their
 * deviations that do no harm are read without complaint; each stands where it is read.
 */
import type { Provider } from '../../core/ports/provider.ts';
import type { Dialect } from '../wire/dialect.ts';
import type { WireOptions } from '../wire/wire-options.ts';
import { createWireProvider } from '../wire/wire-provider.ts';
import { forwardsOf } from './forwards.ts';
import { fromChatAnswer } from './from-chat-answer.ts';
import { ChatChunkReader } from './from-chat-chunk.ts';
import { fromError } from './from-error.ts';
import { tell } from './tell.ts';
import { toChatRequest } from './to-chat-request.ts';

export interface OpenAiOptions extends WireOptions {
  /** Whether the server has `/responses` too. Absent means that OpenAI and Azure do, and others do not. */
  responses?: boolean;
}

export function createOpenAiProvider({ responses, ...options }: OpenAiOptions): Provider {
  return createWireProvider(options, chatDialect(options.baseUrl, responses));
}

export function chatDialect(baseUrl: string, responses?: boolean): Dialect {
  const official = isOfficial(new URL(baseUrl).hostname);
  // OpenAI's newer models refuse the old name, most other servers know no other.
  const tokenLimit = official ? 'max_completion_tokens' : 'max_tokens';
  return {
    callPath: '/chat/completions',
    probePath: '/models',
    headers: (apiKey) => (apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
    toRequest: (call) => toChatRequest(call, tokenLimit),
    fromAnswer: fromChatAnswer,
    readStream: () => new ChatChunkReader(),
    fromError,
    tell,
    forwards: forwardsOf(responses ?? official),
  };
}

function isOfficial(host: string): boolean {
  return host === 'api.openai.com' || host.endsWith('.openai.azure.com');
}
