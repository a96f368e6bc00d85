// The package's own door loads a store for every database there is, which takes 17 ms and 7 MB; and its limiter answers
// with a promise what its counters know at once.
declare module 'rate-limiter-flexible/lib/component/MemoryStorage/MemoryStorage.js' {
  import type { RateLimiterRes } from 'rate-limiter-flexible';
  export default class MemoryStorage {
    /** Begins a window when there is none, or it is over. */
    incrby(key: string, value: number, durationSec: number): RateLimiterRes;
    get(key: string): RateLimiterRes | null;
  }
}
