import { Expiring } from '../../core/deadline-sweep.ts';
import { ProviderError } from '../../core/errors.ts';
import type { Signal } from '../../core/ports/signal.ts';
import type { Room } from './room.ts';

type Phase = 'first chunk' | 'next chunk';

/**
 * One call to a package, which ends when its caller leaves or a deadline is over, whatever the package does: what it is
 * waited for is let go at once, and the package is told by the signal.
 */
export class BoundedCall extends Expiring {
  readonly #room: Room;
  readonly #caller: Signal;
  readonly #abort = new AbortController();
  readonly #totalAt: number;
  #phase: Phase = 'first chunk';
  #phaseEndsAt: number;
  #giveUp: ((error: unknown) => void) | null = null;
  #stopped: { error: unknown } | null = null;
  #over = false;

  constructor(room: Room, caller: Signal) {
    super();
    const { clock, sweep, deadlines } = room;
    this.#room = room;
    this.#caller = caller;
    this.#totalAt = clock.now() + deadlines.totalMs;
    this.#phaseEndsAt = clock.now() + deadlines.firstChunkMs;
    this.deadlineAt = this.#totalAt;
    sweep.watch(this);
    caller.addEventListener('abort', this);
  }

  /** For the package. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get over(): boolean {
    return this.#over;
  }

  /** The first chunk is here: from now on each has its own time, which begins when it is asked for. */
  begun(): void {
    this.#phase = 'next chunk';
  }

  /** One thing at a time. */
  wait<Value>(promised: PromiseLike<Value>): Promise<Value> {
    if (this.#phase === 'next chunk') this.#phaseEndsAt = this.#room.clock.now() + this.#room.deadlines.idleMs;
    this.deadlineAt = Math.min(this.#phaseEndsAt, this.#totalAt);
    return new Promise((resolve, reject) => {
      if (this.#stopped) reject(this.#stopped.error);
      this.#giveUp = reject;
      promised.then((value) => {
        // Nobody reads meanwhile, which is no fault of the provider's.
        this.deadlineAt = this.#totalAt;
        resolve(value);
      }, reject);
    });
  }

  /** Why it was stopped, where it was; else what was thrown. */
  reason(thrown: unknown): unknown {
    return this.#stopped ? this.#stopped.error : thrown;
  }

  /** Lets go of everything; what the package still does is cut. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#caller.removeEventListener('abort', this);
    this.#room.sweep.forget(this);
    this.#abort.abort(new Error('the call is over'));
  }

  /** The caller's signal aborted. */
  handleEvent(): void {
    this.#stop(this.#caller.reason);
  }

  override expire(): void {
    const what = this.deadlineAt === this.#totalAt ? 'end' : this.#phase;
    this.#stop(new ProviderError('timeout', `${this.#room.name}: no ${what} of the answer in time`));
  }

  #stop(error: unknown): void {
    this.#stopped = { error };
    this.#giveUp?.(error);
    this.end();
  }
}
