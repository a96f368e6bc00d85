import { Answer } from '../../core/answer.ts';
import type { ProviderCall } from '../../core/ports/provider.ts';
import { estimateTokens } from '../../core/usage.ts';

/** What a provider that does not count would read, as the core estimates where nobody counts. */
export function estimateInput(call: Omit<ProviderCall, 'model' | 'stream'>): number {
  const { inputTokens } = new Answer().usage(call.messages, call.instructions);
  return inputTokens + (call.tools ? estimateTokens(JSON.stringify(call.tools)) : 0);
}
