/**
 * Finds somebody who answers: asks the candidates in order until one begins to. Falling back and trying again are silent
 * and end with the first chunk; they stop when the client leaves, when the attempts or the time are used up, and when the
 * target's retry budget is. Adapters never try again by themselves: this is the only loop.
 */
import { backoffMs } from '../backoff.ts';
import { ProviderError } from '../errors.ts';
import type { Random } from '../ports/random.ts';
import type { Signal } from '../ports/signal.ts';
import type { Run } from '../run.ts';
import type { Answering, Ask, Candidate } from './ask.ts';
import { Attempt, type AttemptParts } from './attempt.ts';
import { mayRetry, otherMayDo } from './fault.ts';
import { pause } from './pause.ts';

export interface Routing {
  /** Resolves with the first batch of whoever begins to answer. Throws what the last of them failed with. */
  begin<Batch>(ask: Ask<Batch>): Promise<Answering<Batch>>;
}

export interface RoutingParts extends AttemptParts {
  random: Random;
}

export interface RetrySettings {
  /** Tries for one request; a route with more candidates tries each of them once. */
  attempts: number;
  /** Milliseconds after which no further try begins. */
  deadlineMs: number;
}

const backoffBaseMs = 250;
const backoffCapMs = 4000;
/** Who is told to come back later than this does not wait inside the request. */
const longestWaitMs = 8000;

export function createRouting(parts: RoutingParts, settings: RetrySettings): Routing {
  const { clock, random } = parts;

  /** Asks one after another, until one begins to answer. */
  async function askEach<Batch>(ask: Ask<Batch>, search: Search): Promise<Answering<Batch> | null> {
    const again: Candidate[] = [];
    for (const candidate of search.asked) {
      if (isExhausted(ask.run, search)) break;
      if (!candidate.target.take(search.round > 1)) continue;
      try {
        return await new Attempt(parts, ask, candidate).begin();
      } catch (error) {
        const failure = mendable(ask.signal, error);
        if (!search.failure || failure.kind !== 'unsupported_parameter') search.failure = failure;
        if (mayRetry(failure)) again.push(candidate);
      }
    }
    search.asked = again;
    return null;
  }

  /** The first round tries every candidate; what comes after it is a retry. */
  function isExhausted(run: Run, { round, giveUpAt }: Search): boolean {
    return (round > 1 && run.attempts >= settings.attempts) || (run.attempts > 0 && clock.now() >= giveUpAt);
  }

  return {
    async begin(ask) {
      const { candidates, signal, run } = ask;
      const search: Search = {
        round: 1,
        asked: candidates,
        giveUpAt: clock.now() + settings.deadlineMs,
        failure: undefined,
      };
      for (; ; search.round += 1) {
        const answering = await askEach(ask, search);
        if (answering) return answering;
        const { round, asked, failure, giveUpAt } = search;
        const waitMs = Math.max(backoffMs(random, round, backoffBaseMs, backoffCapMs), soonest(asked));
        const isTooLong = waitMs > longestWaitMs || clock.now() + waitMs >= giveUpAt;
        if (asked.length === 0 || isTooLong || run.attempts >= settings.attempts) throw failure ?? nobody(candidates);
        await pause(clock, waitMs, signal);
      }
    },
  };
}

/** How far the search for an answer has come. */
interface Search {
  round: number;
  /** Who is asked in this round: everybody in the first, then who failed in a way that another try may mend. */
  asked: readonly Candidate[];
  giveUpAt: number;
  /** What the client is told when nobody answers. */
  failure: ProviderError | undefined;
}

/** A failure that another candidate may make good. Throws any other. */
function mendable(signal: Signal, error: unknown): ProviderError {
  if (!(error instanceof ProviderError) || signal.aborted || !otherMayDo(error)) throw error;
  return error;
}

/** Everybody is kept away from for now. */
function nobody(candidates: readonly Candidate[]): ProviderError {
  return new ProviderError('unavailable', 'every candidate is set aside', { retryAfterMs: soonest(candidates) });
}

function soonest(candidates: readonly Candidate[]): number {
  return candidates.length === 0 ? 0 : Math.min(...candidates.map(({ target }) => target.waitMs()));
}
