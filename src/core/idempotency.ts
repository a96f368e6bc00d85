import { GatewayError } from './errors.ts';
import type { Clock } from './ports/clock.ts';
import type { IdempotencyState, Store } from './ports/store.ts';
import type { Principal } from './principal.ts';

/** Effects that happen once per Idempotency-Key, whatever a client repeats. Runs have their own way, because they stream. */
export interface Idempotency {
  /** Does the work, or answers what it answered the first time. Failures are not kept: they may be tried again. */
  once<Answer>(
    principal: Principal,
    claim: { operation: string; key: string; fingerprint: string },
    work: () => Promise<Answer>,
    form: { write(answer: Answer): string; read(text: string): Answer },
  ): Promise<{ answer: Answer; replayed: boolean }>;
}

const day = 24 * 60 * 60 * 1000;

export function createIdempotency({ store, clock }: { store: Store; clock: Clock }): Idempotency {
  return {
    async once({ user }, { operation, key, fingerprint }, work, form) {
      const now = clock.now();
      const claim = await store.claimIdempotency({ user, operation, key, fingerprint, expiresAt: now + day }, now);
      if (claim.state !== 'claimed') return { answer: form.read(answerOf(claim)), replayed: true };
      try {
        const answer = await work();
        await store.settleIdempotency(user, operation, key, form.write(answer));
        return { answer, replayed: false };
      } catch (error) {
        await store.settleIdempotency(user, operation, key, null);
        throw error;
      }
    },
  };
}

/** What is kept under an Idempotency-Key that was used before, or why there is nothing to give. */
export function answerOf(claim: Exclude<IdempotencyState, { state: 'claimed' }>): string {
  switch (claim.state) {
    case 'settled':
      return claim.answer;
    case 'running':
      throw new GatewayError('CONFLICT', 'A request with this Idempotency-Key is still running.', { retryAfter: 1 });
    case 'mismatch':
      throw new GatewayError(
        'IDEMPOTENCY_MISMATCH',
        'The Idempotency-Key was used for another request. Use a new one.',
      );
  }
}
