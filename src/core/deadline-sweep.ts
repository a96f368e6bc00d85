import type { Clock, Timer } from './ports/clock.ts';

/** Something that ends by itself when its time is over. Watched by one sweep at most. */
export abstract class Expiring {
  /** Milliseconds since 1970; may be moved at any time, which costs nothing. */
  deadlineAt = Number.POSITIVE_INFINITY;
  /** The neighbours in the sweep's ring; null while not in it. */
  before: Expiring | null = null;
  after: Expiring | null = null;
  abstract expire(): void;
}

/**
 * The deadlines of many calls on one timer. Arming a timer for each call and each chunk would cost more than the rest of
 * their bookkeeping; looking at every call a few times a second does not. Late by at most `everyMs`.
 *
 * A ring and no `Set`: the tables that a busy set outgrows keep what was in them alive until the next full collection,
 * which made every request dearer by a quarter.
 */
export class DeadlineSweep {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #ring = new Ring();
  #timer: Timer | null = null;

  constructor(clock: Clock, everyMs: number) {
    this.#clock = clock;
    this.#everyMs = everyMs;
  }

  watch(item: Expiring): void {
    item.before = this.#ring.before;
    item.after = this.#ring;
    this.#ring.before.after = item;
    this.#ring.before = item;
    this.#timer ??= this.#clock.after(this.#everyMs, this.#sweep);
  }

  /** Harmless for what is not watched. */
  forget(item: Expiring): void {
    if (!item.before || !item.after) return;
    item.before.after = item.after;
    item.after.before = item.before;
    item.before = null;
    item.after = null;
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  readonly #sweep = (): void => {
    const now = this.#clock.now();
    const late: Expiring[] = [];
    for (let item = this.#ring.after; item !== this.#ring; item = item.after ?? this.#ring)
      if (item.deadlineAt <= now) late.push(item);
    for (const item of late) {
      this.forget(item);
      item.expire();
    }
    // Left to run out instead of cancelled by the last call: a busy provider is empty for a moment many times a second.
    this.#timer = this.#ring.after === this.#ring ? null : this.#clock.after(this.#everyMs, this.#sweep);
  };
}

/** Where the ring begins and ends. */
class Ring extends Expiring {
  override before: Expiring = this;
  override after: Expiring = this;
  expire(): void {}
}
