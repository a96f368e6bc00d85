/**
 * The messages wire: Anthropic, and servers that speak like it. Spoken in its version 2023-06-01, the only one that still
 * knows `temperature` and `top_p` (those after it refuse them even at their defaults).
 */
import type { Provider } from '../../core/ports/provider.ts';
import type { Dialect } from '../wire/dialect.ts';
import type { WireOptions } from '../wire/wire-options.ts';
import { createWireProvider } from '../wire/wire-provider.ts';
import { messagesForwards } from './forwards.ts';
import { fromError } from './from-error.ts';
import { fromMessage } from './from-message.ts';
import { MessageEventReader } from './from-message-event.ts';
import { tell } from './tell.ts';
import { toMessagesRequest } from './to-messages-request.ts';

export interface AnthropicOptions extends WireOptions {
  /** The wire demands a limit; this one goes out with calls that have none. Default: 4096. */
  maxOutputTokens?: number;
}

export function createAnthropicProvider(options: AnthropicOptions): Provider {
  return createWireProvider(options, messagesDialect(options.maxOutputTokens ?? 4096));
}

export function messagesDialect(defaultMaxOutputTokens: number): Dialect {
  return {
    callPath: '/messages',
    probePath: '/models?limit=1',
    headers: (apiKey) => ({ 'anthropic-version': '2023-06-01', ...(apiKey ? { 'x-api-key': apiKey } : {}) }),
    toRequest: (call) => toMessagesRequest(call, defaultMaxOutputTokens),
    fromAnswer: fromMessage,
    readStream: () => new MessageEventReader(),
    fromError,
    tell,
    forwards: messagesForwards,
  };
}
