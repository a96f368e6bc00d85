import type { Clock } from './ports/clock.ts';

/** Gives a call so long. It is told to end at the latest then, and when its caller stops. */
export async function within<Result>(
  { clock, milliseconds, late }: { clock: Clock; milliseconds: number; late: () => Error },
  stopped: AbortSignal,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const deadline = new AbortController();
  const timer = clock.after(milliseconds, () => deadline.abort(late()));
  try {
    return await call(AbortSignal.any([stopped, deadline.signal]));
  } finally {
    timer.cancel();
  }
}
