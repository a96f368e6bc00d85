/**
 * Thinking aloud is this wire's alone. A model of another one thinks as it sees fit, which is all that `adaptive` asks
 * for; how much it may think has a word everywhere, `effort`, and a budget of tokens for it has none.
 */
import { refuseOthers, unsupported } from '../refuse.ts';
import type { Schemas } from './schemas.ts';

type ThinkingRequest = Pick<Schemas['MessagesRequest'], 'thinking' | 'context_management'>;

const harmlessThinking = {
  display: { reason: 'how much is shown of what is not there' },
  budget_tokens: { reason: 'what some clients send where there is none', values: [0] },
};

/** Throws `UNSUPPORTED_PARAMETER` for what only this wire can be asked for. */
export function refuseThinking({ thinking, context_management: management }: ThinkingRequest): void {
  if (thinking && thinking.type !== 'disabled') {
    if (thinking.type !== 'adaptive') throw unsupported('/thinking');
    refuseOthers(thinking, new Set(['type']), harmlessThinking, '/thinking');
  }
  if (!management) return;
  refuseOthers(management, new Set(['edits']), {}, '/context_management');
  for (const [index, { type }] of (management.edits ?? []).entries()) {
    // Of earlier thoughts nothing is sent, so that there is nothing to clear or to keep.
    if (!type.startsWith('clear_thinking_')) throw unsupported(`/context_management/edits/${index}/type`);
  }
}

/** What a model thought on the way to an answer that is sent back: sealed by it, and of no use to another. */
export function isThought({ type }: Pick<Schemas['ContentBlock'], 'type'>): boolean {
  return type === 'thinking' || type === 'redacted_thinking';
}
