import type { ProviderTold } from '../../core/errors.ts';

const SHOWN = 500;
/** Of what a client is told. */
const TOLD = 2000;
/** What is searched for a key. So much longer than what is shown that no cut can leave half a key in sight. */
const SEARCHED = 64 * 1024;

/** The beginning of what a provider said, for the operator's log: no key ever stands in it. */
export function snippet(text: string, secrets: readonly string[]): string {
  return cut(text, secrets, SHOWN);
}

/** The same for what a provider said to the client. */
export function redactTold(told: ProviderTold, secrets: readonly string[]): ProviderTold {
  const clean: ProviderTold = { message: cut(told.message, secrets, TOLD) };
  for (const member of ['type', 'code', 'param'] as const) {
    const text = told[member];
    if (text !== undefined) clean[member] = cut(text, secrets, SHOWN);
  }
  return clean;
}

function cut(text: string, secrets: readonly string[], length: number): string {
  let clean = text.slice(0, SEARCHED);
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '[key]');
  return clean.length > length ? `${clean.slice(0, length)}…` : clean;
}
