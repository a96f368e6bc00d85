import { ProviderError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';

/** So long a failure counts; afterwards nothing is known, and only the next call tells. */
const KEPT_MS = 30_000;

/** How the last call went, as far as it says something of the provider. */
export class LastOutcome {
  readonly #clock: Clock;
  #failure: { error: ProviderError; at: number } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  succeeded(): void {
    this.#failure = null;
  }

  failed(error: unknown): void {
    if (!(error instanceof ProviderError)) return;
    switch (error.kind) {
      // The provider answered: it refused what it was asked.
      case 'invalid_request':
      case 'unsupported_parameter':
      case 'context_too_long':
      case 'model_not_found':
        return;
      case 'unavailable':
      case 'rate_limited':
      case 'timeout':
      case 'unauthorized':
      case 'malformed':
        this.#failure = { error, at: this.#clock.now() };
    }
  }

  throwIfBad(): void {
    if (this.#failure && this.#clock.now() - this.#failure.at < KEPT_MS) throw this.#failure.error;
  }
}
