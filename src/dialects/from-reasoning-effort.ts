import type { ReasoningEffort } from '../core/run.ts';
import { unsupported } from './refuse.ts';

const efforts: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The vendors share the words. One that we do not know is refused: how much is meant is theirs to say. */
export function fromReasoningEffort(value: string | null | undefined, pointer: string): ReasoningEffort | undefined {
  if (value === null || value === undefined) return undefined;
  const effort = efforts.find((known) => known === value);
  if (!effort) throw unsupported(pointer);
  return effort;
}
