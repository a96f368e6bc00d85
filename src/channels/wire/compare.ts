import { hash, timingSafeEqual } from 'node:crypto';

/** Whether these bytes are one of those expected. Looks at all of them, and at the whole of each. */
export function isOneOf(given: Uint8Array, expected: readonly Uint8Array[]): boolean {
  let found = false;
  for (const one of expected) {
    const same = one.length === given.length && timingSafeEqual(one, given);
    found = same || found;
  }
  return found;
}

/** The same for secrets that are sent as they are: by their digests, so that not even a length is learnt. */
export function isOneOfTexts(given: string, expected: readonly string[]): boolean {
  return isOneOf(
    digest(given),
    expected.map((text) => digest(text)),
  );
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
