/** Randomness, passed in so that ids and jitter are repeatable in a test. */
export interface Random {
  /** Cryptographically strong bytes: keys are made of these. */
  bytes(length: number): Uint8Array;
  /** A number in [0, 1): jitter, weights. */
  fraction(): number;
}
