import type { Clock, Timer } from '../../src/core/ports/clock.ts';

/** A clock whose hands a test turns. Timers due on the way are called in their order, also those set by others. */
export class HandClock implements Clock {
  #now: number;
  #timers: { at: number; callback: () => void }[] = [];

  constructor(now = Date.UTC(2026, 10, 22)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): Timer {
    const timer = { at: this.#now + ms, callback };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  /** Timers that are set and not yet due. */
  get pending(): number {
    return this.#timers.length;
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (let timer = this.#takeDue(end); timer; timer = this.#takeDue(end)) {
      this.#now = timer.at;
      timer.callback();
    }
    this.#now = end;
  }

  #takeDue(end: number): { at: number; callback: () => void } | undefined {
    const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
    if (due) this.#timers.splice(this.#timers.indexOf(due), 1);
    return due;
  }
}
