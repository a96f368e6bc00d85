/**
 * Finds somebody who answers: asks the candidates in order until one begins to. Falling back and trying again are silent
 * and end with the first chunk; they stop when the client leaves, when the attempts or the time are used up, and when the
 * target's retry budget is. Adapters never try again by themselves: this is the only loop.
 */
import { backoffMs } from '../backoff.ts';
import { ProviderError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Provider } from '../ports/provider.ts';
import type { Random } from '../ports/random.ts';
import type { Signal } from '../ports/signal.ts';
import type { ProviderStates } from '../provider-states.ts';
import type { Run } from '../run.ts';
import { mayRetry, otherMayDo } from './fault.ts';
import { pause } from './pause.ts';
import type { Target } from './target.ts';

export interface Candidate {
  provider: Provider;
  /** The model's name at that provider. */
  model: string;
  target: Target;
}

export interface Routing {
  /** Resolves with the first batch of whoever begins to answer. Throws what the last of them failed with. */
  begin<Batch>(ask: Ask<Batch>): Promise<Answering<Batch>>;
}

export interface Ask<Batch> {
  /** Its `provider` and `attempts` are kept up. */
  run: Run;
  candidates: readonly Candidate[];
  signal: Signal;
  start(candidate: Candidate): AsyncIterator<Batch>;
  /** Whether a batch says anything: from then on there is no other candidate. */
  speaks(batch: Batch): boolean;
  /** Whether a batch is the last one. What an adapter may have behind it is not read. */
  finishes(batch: Batch): boolean;
}

export interface Answering<Batch> {
  readonly candidate: Candidate;
  readonly first: Batch;
  /** Not to be called behind the last batch. Throws what broke the answer. */
  next(): Promise<Batch>;
  /** Reads no further. Does nothing behind the end. */
  leave(): Promise<void>;
}

export interface RoutingParts {
  clock: Clock;
  random: Random;
  log: Log;
  metrics: Metrics;
  states: ProviderStates;
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
  const { clock, random, log, metrics, states } = parts;

  /** One try. Null when the target takes none now. */
  async function attempt<Batch>(
    ask: Ask<Batch>,
    candidate: Candidate,
    isRetry: boolean,
  ): Promise<Answering<Batch> | null> {
    const { run, signal } = ask;
    const { provider, target } = candidate;
    if (!target.take(isRetry)) return null;
    run.attempts += 1;
    run.provider = provider.name;
    const startedAt = clock.now();
    const seconds = () => (clock.now() - startedAt) / 1000;
    let isOver = false;

    /** What a try has told of its target is noted once. */
    function conclude(note: () => void): void {
      if (isOver) return;
      isOver = true;
      const before = target.state;
      note();
      const { state } = target;
      if (state === before) return;
      log.warn({ provider: provider.name, model: candidate.model, state, before }, 'target changed its state');
      metrics.targetAvoided({ provider: provider.name, model: candidate.model }, state !== 'closed');
    }

    function succeeded(): void {
      target.succeeded();
      states.succeeded(provider.name);
      metrics.providerCall({ provider: provider.name, outcome: 'completed' }, seconds());
    }

    function broke(error: unknown): void {
      if (!(error instanceof ProviderError) || signal.aborted) {
        target.abandoned();
        return;
      }
      target.failed(error);
      states.failed(provider.name, error);
      metrics.providerCall({ provider: provider.name, outcome: error.kind }, seconds());
      log.warn({ runId: run.id, provider: provider.name, kind: error.kind, error }, 'provider failed');
    }

    async function read(batches: AsyncIterator<Batch>): Promise<Batch> {
      try {
        const { done, value } = await batches.next();
        if (done) throw new ProviderError('malformed', `${provider.name}: an answer without its finish`);
        if (ask.finishes(value)) {
          conclude(succeeded);
          // A generator that waits behind its last batch has to learn that nobody comes.
          batches
            .return?.()
            .catch((late: unknown) => log.debug({ runId: run.id, error: late }, 'an adapter broke at its end'));
        }
        return value;
      } catch (error) {
        conclude(() => broke(error));
        throw error;
      }
    }

    function start(): AsyncIterator<Batch> {
      try {
        return ask.start(candidate);
      } catch (error) {
        conclude(() => broke(error));
        throw error;
      }
    }

    const batches = start();
    let first = await read(batches);
    while (!ask.speaks(first)) first = await read(batches);
    metrics.firstToken({ model: run.model, provider: provider.name }, seconds());
    return {
      candidate,
      first,
      next: () => read(batches),
      async leave() {
        if (isOver) return;
        conclude(() => target.abandoned());
        await batches.return?.();
      },
    };
  }

  /** Asks one after another, until one begins to answer. */
  async function askEach<Batch>(ask: Ask<Batch>, search: Search): Promise<Answering<Batch> | null> {
    const again: Candidate[] = [];
    for (const candidate of search.asked) {
      if (isExhausted(ask.run, search)) break;
      try {
        const answering = await attempt(ask, candidate, search.round > 1);
        if (answering) return answering;
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
