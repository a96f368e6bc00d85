import { ProviderError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';

/** One key of a provider, as requests carry it. */
export interface Key {
  /** Name, value, name, value: undici takes it as it is, so it is made once and not for every request. */
  readonly headers: string[];
  /** The provider refused it then; null while it is good. */
  refusedAt: number | null;
  /** Not before this, as the provider said. */
  coolUntil: number;
}

/** So long a refused key is left alone; it may be good again, and only trying tells. */
const REFUSED_MS = 5 * 60_000;

/**
 * The keys of one provider, used in turn. A key that was refused, or asked to wait, is passed over while another one is
 * left; what the others cannot take over is the routing's to decide, as with a single key.
 */
export class KeyRing {
  readonly #keys: readonly Key[];
  readonly #clock: Clock;
  #next = 0;

  /** At least one; a provider that wants no key has one without it. */
  constructor(headers: readonly string[][], clock: Clock) {
    this.#keys = headers.map((each) => ({ headers: each, refusedAt: null, coolUntil: 0 }));
    this.#clock = clock;
  }

  take(): Key {
    // However it stands, it is the one: most providers have no other, and nobody has to know what time it is.
    const [only] = this.#keys;
    if (only && this.#keys.length === 1) return only;
    const now = this.#clock.now();
    for (let n = 0; n < this.#keys.length; n++) {
      const key = this.#keys[(this.#next + n) % this.#keys.length];
      if (!key || !isLeft(key, now)) continue;
      this.#next = (this.#next + n + 1) % this.#keys.length;
      return key;
    }
    return this.#leastBad(now);
  }

  /** What an error says of the key it came to. While another key is left, a try with that one is what it asks for. */
  judge(key: Key, error: ProviderError): ProviderError {
    if (this.#keys.length === 1) return error;
    const now = this.#clock.now();
    if (error.kind === 'unauthorized') key.refusedAt = now;
    else if (error.kind !== 'rate_limited') return error;
    // An account that is used up is not filled by waiting.
    else if (error.shouldRetry === false) key.refusedAt = now;
    else key.coolUntil = Math.max(key.coolUntil, now + (error.retryAfterMs ?? 0));
    const { told, parameter, cause } = error;
    const kept = { ...(told ? { told } : {}), ...(parameter ? { parameter } : {}), cause };
    if (this.#keys.some((other) => other !== key && isLeft(other, now)))
      return new ProviderError(error.kind, error.message, { ...kept, shouldRetry: true });
    const wait = this.#shortestWait(now);
    if (error.kind !== 'rate_limited' || wait === undefined) return error;
    const retry = error.shouldRetry === undefined ? {} : { shouldRetry: error.shouldRetry };
    return new ProviderError(error.kind, error.message, { ...kept, ...retry, retryAfterMs: wait });
  }

  /** Waiting is shorter than a refusal lasts; of refused ones the one refused longest ago. */
  #leastBad(now: number): Key {
    return this.#keys.reduce((best, key) => {
      const refused = (isRefused(key, now) ? 1 : 0) - (isRefused(best, now) ? 1 : 0);
      if (refused !== 0) return refused < 0 ? key : best;
      if (isRefused(key, now)) return (key.refusedAt ?? 0) < (best.refusedAt ?? 0) ? key : best;
      return key.coolUntil < best.coolUntil ? key : best;
    });
  }

  #shortestWait(now: number): number | undefined {
    const waits = this.#keys.filter((key) => !isRefused(key, now) && key.coolUntil > now);
    return waits.length === 0 ? undefined : Math.min(...waits.map((key) => key.coolUntil - now));
  }
}

function isLeft(key: Key, now: number): boolean {
  return !isRefused(key, now) && key.coolUntil <= now;
}

function isRefused({ refusedAt }: Key, now: number): boolean {
  return refusedAt !== null && now - refusedAt < REFUSED_MS;
}
