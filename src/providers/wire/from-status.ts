import type { ProviderFault } from '../../core/errors.ts';

/** An HTTP status → the kind of fault, where the body says nothing better. */
export function fromStatus(status: number): ProviderFault {
  if (status === 429) return 'rate_limited';
  if (status === 401 || status === 403) return 'unauthorized';
  // Payment required: the operator's account, like a key that does not open.
  if (status === 402) return 'unauthorized';
  if (status === 404) return 'model_not_found';
  if (status === 408 || status === 504) return 'timeout';
  // Conflict and too-early are the server's wish to be asked again; its makers' own clients do.
  if (status === 409 || status === 425 || status >= 500) return 'unavailable';
  if (status >= 400) return 'invalid_request';
  // A redirect, or a status that no wire of ours uses.
  return 'malformed';
}
