import { ProviderError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { ProviderStates } from '../provider-states.ts';
import type { Answering, Ask, Candidate } from './ask.ts';

export interface AttemptParts {
  clock: Clock;
  log: Log;
  metrics: Metrics;
  states: ProviderStates;
}

/** One try at one candidate, to the end of its answer. What it has told of its target is noted once. */
export class Attempt<Batch> {
  readonly #parts: AttemptParts;
  readonly #ask: Ask<Batch>;
  readonly #candidate: Candidate;
  readonly #startedAt: number;
  readonly #batches: AsyncIterator<Batch>;
  #isOver = false;
  readonly #taken = (result: IteratorResult<Batch>): Batch => {
    try {
      return this.#arrived(result);
    } catch (error) {
      return this.#failed(error);
    }
  };
  readonly #failed = (error: unknown): never => {
    this.#broke(error);
    throw error;
  };

  /** The target has been taken. */
  constructor(parts: AttemptParts, ask: Ask<Batch>, candidate: Candidate) {
    const { run } = ask;
    run.attempts += 1;
    run.provider = candidate.provider.name;
    this.#parts = parts;
    this.#ask = ask;
    this.#candidate = candidate;
    this.#startedAt = parts.clock.now();
    this.#batches = this.#start();
  }

  /** Resolves when somebody begins to speak. */
  async begin(): Promise<Answering<Batch>> {
    const { run, speaks } = this.#ask;
    try {
      let first = this.#arrived(await this.#batches.next());
      while (!speaks(first)) first = this.#arrived(await this.#batches.next());
      this.#parts.metrics.firstToken({ model: run.model, provider: this.#candidate.provider.name }, this.#seconds());
      return { candidate: this.#candidate, first, next: () => this.#next(), leave: () => this.#leave() };
    } catch (error) {
      this.#broke(error);
      throw error;
    }
  }

  #start(): AsyncIterator<Batch> {
    try {
      return this.#ask.start(this.#candidate);
    } catch (error) {
      this.#broke(error);
      throw error;
    }
  }

  /** Once for every chunk of every stream, so that it does without a frame of its own to wait in. */
  #next(): Promise<Batch> {
    return this.#batches.next().then(this.#taken, this.#failed);
  }

  async #leave(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const { target } = this.#candidate;
    const before = target.state;
    target.abandoned();
    this.#tellChange(before);
    await this.#batches.return?.();
  }

  #arrived({ done, value }: IteratorResult<Batch>): Batch {
    const { provider } = this.#candidate;
    if (done) throw new ProviderError('malformed', `${provider.name}: an answer without its finish`);
    if (this.#ask.finishes(value)) {
      this.#succeeded();
      // A generator that waits behind its last batch has to learn that nobody comes.
      this.#batches
        .return?.()
        .catch((late: unknown) =>
          this.#parts.log.debug({ runId: this.#ask.run.id, error: late }, 'an adapter broke at its end'),
        );
    }
    return value;
  }

  #succeeded(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { states, metrics } = this.#parts;
    const { provider, target } = this.#candidate;
    const before = target.state;
    target.succeeded();
    states.succeeded(provider.name);
    metrics.providerCall({ provider: provider.name, outcome: 'completed' }, this.#seconds());
    this.#tellChange(before);
  }

  #broke(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { states, metrics, log } = this.#parts;
    const { provider, target } = this.#candidate;
    const { run, signal } = this.#ask;
    const before = target.state;
    if (error instanceof ProviderError && !signal.aborted) {
      target.failed(error);
      states.failed(provider.name, error);
      metrics.providerCall({ provider: provider.name, outcome: error.kind }, this.#seconds());
      log.warn({ runId: run.id, provider: provider.name, kind: error.kind, error }, 'provider failed');
    } else {
      target.abandoned();
    }
    this.#tellChange(before);
  }

  #tellChange(before: Candidate['target']['state']): void {
    const { provider, model, target } = this.#candidate;
    const { state } = target;
    if (state === before) return;
    this.#parts.log.warn({ provider: provider.name, model, state, before }, 'target changed its state');
    this.#parts.metrics.targetAvoided({ provider: provider.name, model }, state !== 'closed');
  }

  #seconds(): number {
    return (this.#parts.clock.now() - this.#startedAt) / 1000;
  }
}
