/** One secret, or several while one is being rotated: what any of them signed is taken. */
export type Secrets = string | readonly string[];

/** Those that are really there: an empty one would let everybody in. */
export function listSecrets(secrets: Secrets | undefined): readonly string[] {
  if (secrets === undefined) return [];
  return (typeof secrets === 'string' ? [secrets] : secrets).filter((secret) => secret !== '');
}
