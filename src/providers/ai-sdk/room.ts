import type { DeadlineSweep } from '../../core/deadline-sweep.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { CallDeadlines } from './ai-sdk-options.ts';
import type { LastOutcome } from './last-outcome.ts';

/** One provider as its calls see it. */
export interface Room {
  readonly name: string;
  readonly clock: Clock;
  readonly deadlines: CallDeadlines;
  readonly maxAnswerBytes: number;
  readonly secrets: readonly string[];
  readonly sweep: DeadlineSweep;
  readonly outcome: LastOutcome;
}
