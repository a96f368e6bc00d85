import type { IdempotencyClaim, IdempotencyState } from '../../core/ports/store.ts';
import type { Connection } from './connection.ts';
import { integer, text, textOrNull, toRow } from './rows.ts';

/** What was claimed under which Idempotency-Key, and the answer once there is one. */
export interface Idempotency {
  claim(claim: IdempotencyClaim, now: number): IdempotencyState;
  settle(user: string, operation: string, key: string, answer: string | null): void;
  /** Withdraws the claims of a process that is no more. */
  withdrawUnsettled(): void;
}

/** Entries that have expired go a few at a time, when new ones come. */
const cleanedPerClaim = 16;

export function createIdempotency({ prepare }: Connection): Idempotency {
  const at = 'user = ? AND operation = ? AND key = ?';
  const find = prepare(`SELECT fingerprint, answer, expires FROM idempotency WHERE ${at}`);
  const claim = prepare(`
    INSERT OR REPLACE INTO idempotency (user, operation, key, fingerprint, expires) VALUES (?, ?, ?, ?, ?)
  `);
  const settle = prepare(`UPDATE idempotency SET answer = ? WHERE ${at}`);
  const withdraw = prepare(`DELETE FROM idempotency WHERE ${at} AND answer IS NULL`);
  const withdrawUnsettled = prepare('DELETE FROM idempotency WHERE answer IS NULL');
  const clean = prepare(
    'DELETE FROM idempotency WHERE id IN (SELECT id FROM idempotency WHERE expires <= ? ORDER BY expires LIMIT ?)',
  );

  return {
    claim({ user, operation, key, fingerprint, expiresAt }, now) {
      const row = toRow(find.get(user, operation, key));
      if (row && integer(row, 2) > now) {
        if (text(row, 0) !== fingerprint) return { state: 'mismatch' };
        const answer = textOrNull(row, 1);
        return answer === null ? { state: 'running' } : { state: 'settled', answer };
      }
      clean.run(now, cleanedPerClaim);
      claim.run(user, operation, key, fingerprint, expiresAt);
      return { state: 'claimed' };
    },
    settle(user, operation, key, answer) {
      if (answer === null) withdraw.run(user, operation, key);
      else settle.run(answer, user, operation, key);
    },
    withdrawUnsettled() {
      withdrawUnsettled.run();
    },
  };
}
