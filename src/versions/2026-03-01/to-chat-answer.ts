import type { components } from '../../../generated/types/2026-03-01.ts';
import type { ContractRun } from '../../handlers/to-run.ts';
import { toText } from './to-text.ts';
import { toUsage } from './to-usage.ts';

/** What was said, without the run around it. An answer that only calls tools reads as the empty text. */
export function toChatAnswer(run: ContractRun): components['schemas']['ChatAnswer'] {
  return {
    message: toText(run.message?.parts ?? []),
    sessionId: run.sessionId,
    model: run.model,
    usage: toUsage(run.usage),
  };
}
