import { type Fault, fromStatus } from '../wire/from-answer.ts';
import type { HttpAnswer } from '../wire/http-client.ts';

/** The standard: 410 means never again, and everything else that is no success means later, even an error that is ours. */
export function fromAnswer({ status }: HttpAnswer): Fault {
  if (status === 410) return { kind: 'refused', detail: 'the receiver wants no more of it' };
  // A redirect is not followed: what was signed for one host is not for another.
  if (status >= 300 && status < 400) return { kind: 'refused', detail: `the receiver redirects (${status})` };
  if (status === 401 || status === 403) return { kind: 'unauthorized' };
  const kind = fromStatus(status);
  return { kind: kind === 'refused' ? 'unavailable' : kind };
}
