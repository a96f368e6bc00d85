/**
 * Counters shared by every transport: reserve before the work, settle after it. Windows are fixed and begin with the
 * first reservation. Reserving is atomic: of 10,000 at once on a limit of 100 exactly 100 are granted.
 */
export interface Limiter {
  /** `points` of `limit` in a window of `windowMs` under the name `counter`. A refused reservation costs nothing more. */
  reserve(counter: string, points: number, limit: number, windowMs: number): Promise<Reservation> | Reservation;
  /** What stands now, without taking anything. */
  peek(counter: string, limit: number, windowMs: number): Promise<LimitState> | LimitState;
  /** One of `limit` places at once under the name `counter`; it is kept until it is released. */
  hold(counter: string, limit: number): Promise<Hold> | Hold;
}

export interface Hold {
  granted: boolean;
  /** Gives the place up. Harmless when it was given up, or never granted. */
  release(): void;
}

export interface LimitState {
  limit: number;
  remaining: number;
  /** When the window ends, milliseconds since 1970. */
  resetAt: number;
}

export interface Reservation extends LimitState {
  granted: boolean;
  /** Corrects what was reserved to what was used. Harmless after the window's end. */
  settle(points: number): void;
}
