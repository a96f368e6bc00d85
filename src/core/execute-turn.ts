import { Answer } from './answer.ts';
import { type AnswerEvent, type CommitParts, commitTurn } from './commit-turn.ts';
import { GatewayError, toGatewayError } from './errors.ts';
import type { ProviderEvent } from './ports/provider.ts';
import type { Signal } from './ports/signal.ts';
import type { Answering, Candidate } from './routing/ask.ts';
import type { Routing } from './routing/routing.ts';
import type { Run, RunEvent } from './run.ts';
import { fromRunError } from './run-error.ts';
import type { Turn } from './turn.ts';

export interface ExecuteParts extends CommitParts {
  routing: Routing;
}

export interface ExecuteOptions {
  signal: Signal;
  /** True when question and run are stored already. */
  begun: boolean;
  event?: AnswerEvent;
  /** Called once, when the turn has ended. */
  left(): void;
}

/** The events of a run, to be read by one reader, from the start or as one outcome. */
export interface Execution extends AsyncIterableIterator<RunEvent[], void> {
  return(): Promise<IteratorResult<RunEvent[], void>>;
  /** Reads to the end and answers the run as it was stored. Throws what it failed with. In place of `next`. */
  outcome(): Promise<Run>;
}

/**
 * The heart: asks for an answer, passes its events on as they come, and commits question, answer and usage before the
 * terminal event. After the first chunk exactly one terminal event follows, whatever happens. When the reader stops
 * early, the run is committed as left.
 *
 * An iterator by hand and not a generator: a generator costs as much for each event as all mapping of it does.
 */
export function executeTurn(parts: ExecuteParts, turn: Turn, options: ExecuteOptions): Execution {
  return new TurnExecution(parts, turn, options);
}

class TurnExecution implements Execution {
  readonly #parts: ExecuteParts;
  readonly #turn: Turn;
  readonly #options: ExecuteOptions;
  readonly #answer = new Answer();
  #answering: Answering<ProviderEvent[]> | null = null;
  #seq = 0;
  #finished = false;
  #isOver = false;

  constructor(parts: ExecuteParts, turn: Turn, options: ExecuteOptions) {
    this.#parts = parts;
    this.#turn = turn;
    this.#options = options;
    const { user, sessionId, id } = turn.run;
    parts.metrics.runStarted();
    parts.bus.publish({ type: 'run', user, sessionId, runId: id, state: 'running' });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<RunEvent[], void>> {
    if (this.#isOver) return { done: true, value: undefined };
    let failure: GatewayError | undefined;
    try {
      while (!this.#finished) {
        const batch = await this.#read();
        this.#finished = finishes(batch);
        const events = this.#toEvents(batch);
        if (events.length > 0) return { done: false, value: events };
      }
    } catch (error) {
      failure = toGatewayError(error);
    }
    return { done: false, value: [await this.#end(failure)] };
  }

  async outcome(): Promise<Run> {
    let failure: GatewayError | undefined;
    try {
      while (!this.#finished) {
        const batch = await this.#read();
        this.#finished = finishes(batch);
        for (const event of batch) this.#answer.add(event);
      }
    } catch (error) {
      failure = toGatewayError(error);
    }
    const run = await this.#settle(failure);
    if (run.error) throw fromRunError(run.error);
    return run;
  }

  async return(): Promise<IteratorResult<RunEvent[], void>> {
    if (!this.#isOver) {
      const left = new GatewayError('CLIENT_CLOSED', 'The client went away.');
      const settled = this.#settle(left);
      await this.#answering?.leave();
      await settled;
    }
    return { done: true, value: undefined };
  }

  /** The next batch of whoever answers. */
  #read(): Promise<ProviderEvent[]> {
    return this.#answering ? this.#answering.next() : this.#begin();
  }

  async #begin(): Promise<ProviderEvent[]> {
    const { signal } = this.#options;
    const { run, candidates, call } = this.#turn;
    const start = ({ provider, model }: Candidate) => provider.call({ ...call, model }, signal)[Symbol.asyncIterator]();
    this.#answering = await this.#parts.routing.begin<ProviderEvent[]>({
      run,
      candidates,
      signal,
      start,
      speaks,
      finishes,
    });
    return this.#answering.first;
  }

  #toEvents(batch: readonly ProviderEvent[]): RunEvent[] {
    const events: RunEvent[] = [];
    for (const event of batch) {
      this.#answer.add(event);
      if (event.type === 'finish') continue;
      if (this.#seq === 0) events.push({ type: 'run.started', seq: this.#number(), run: { ...this.#turn.run } });
      const seq = this.#number();
      events.push(
        event.type === 'text'
          ? { type: 'message.delta', seq, text: event.text }
          : { ...event, type: 'tool_call.delta', seq },
      );
    }
    return events;
  }

  #number(): number {
    this.#seq += 1;
    return this.#seq;
  }

  async #end(failure: GatewayError | undefined): Promise<RunEvent> {
    const run = await this.#settle(failure);
    const seq = this.#number();
    return run.error ? { type: 'run.failed', seq, run, error: run.error } : { type: 'run.completed', seq, run };
  }

  async #settle(failure: GatewayError | undefined): Promise<Run> {
    this.#isOver = true;
    try {
      const answered = this.#answering?.candidate;
      return await commitTurn(this.#parts, this.#turn, this.#answer, failure, { ...this.#options, answered });
    } finally {
      this.#turn.leave();
      this.#options.left();
    }
  }
}

function speaks(batch: readonly ProviderEvent[]): boolean {
  return batch.length > 0;
}

function finishes(batch: readonly ProviderEvent[]): boolean {
  return batch.at(-1)?.type === 'finish';
}
