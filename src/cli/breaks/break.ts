import type { Misfit, Side } from './misfit.ts';

/** One thing that clients of the older document did or relied on, and cannot any more. */
export interface Break extends Misfit {
  /** What its use is counted under: the id of an operation, or the type of a frame that clients send. */
  operation: string;
  /** For people: `POST /api/v1/chat`, `frame done`. */
  place: string;
  side: Side | 'access';
  /** The deprecated member that it is about: how often that one is sent is counted by itself. */
  member?: string;
}
