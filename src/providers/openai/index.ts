/**
 * The chat-completions wire: OpenAI, and every server that speaks like it (Ollama, vLLM, DeepSeek and others). Their
 * deviations that do no harm are read without complaint; each stands where it is read.
 */
import type { Provider } from '../../core/ports/provider.ts';
import type { Dialect } from '../wire/dialect.ts';
import type { WireOptions } from '../wire/wire-options.ts';
import { createWireProvider } from '../wire/wire-provider.ts';
import { chatForwards } from './forwards.ts';
import { fromChatAnswer } from './from-chat-answer.ts';
import { ChatChunkReader } from './from-chat-chunk.ts';
import { fromError } from './from-error.ts';
import { tell } from './tell.ts';
import { toChatRequest } from './to-chat-request.ts';

export function createOpenAiProvider(options: WireOptions): Provider {
  return createWireProvider(options, chatDialect(options.baseUrl));
}

export function chatDialect(baseUrl: string): Dialect {
  const tokenLimit = tokenLimitOf(new URL(baseUrl).hostname);
  return {
    callPath: '/chat/completions',
    probePath: '/models',
    headers: (apiKey) => (apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
    toRequest: (call) => toChatRequest(call, tokenLimit),
    fromAnswer: fromChatAnswer,
    readStream: () => new ChatChunkReader(),
    fromError,
    tell,
    forwards: chatForwards,
  };
}

/** OpenAI's newer models refuse the old name, most other servers know no other. */
function tokenLimitOf(host: string): 'max_completion_tokens' | 'max_tokens' {
  const official = host === 'api.openai.com' || host.endsWith('.openai.azure.com');
  return official ? 'max_completion_tokens' : 'max_tokens';
}
