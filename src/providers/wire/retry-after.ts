import type { ResponseHeaders } from './response-headers.ts';
import { headerOf } from './response-headers.ts';

/** Milliseconds that the provider asked us to wait: `retry-after-ms` before `Retry-After` in seconds or as a date. */
export function retryAfterMs(headers: ResponseHeaders, now: number): number | undefined {
  const milliseconds = positive(headerOf(headers, 'retry-after-ms'));
  if (milliseconds !== undefined) return milliseconds;
  const value = headerOf(headers, 'retry-after');
  const seconds = positive(value);
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  // `Date.parse` finds a date in almost anything, so that only what looks like one of HTTP's gets there.
  const date = value !== undefined && /^[A-Z][a-z]+, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** `x-should-retry`, where the provider sends it. */
export function shouldRetry(headers: ResponseHeaders): boolean | undefined {
  const value = headerOf(headers, 'x-should-retry');
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function positive(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}
