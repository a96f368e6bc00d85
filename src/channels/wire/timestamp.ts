/** Either way: a clock that runs ahead is no reason to be believed for longer. */
const windowMs = 5 * 60_000;

/** Whether a signed time, seconds since 1970 in digits, is near enough to now. Beyond it a signature is a replay. */
export function isTimely(seconds: string, now: number): boolean {
  return /^\d{1,12}$/.test(seconds) && Math.abs(Number(seconds) * 1000 - now) <= windowMs;
}

/** The seconds of a time, as platforms write them. */
export function secondsOf(time: number): string {
  return String(Math.floor(time / 1000));
}
