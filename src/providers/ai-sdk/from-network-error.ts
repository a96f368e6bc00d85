import type { ProviderFault } from '../../core/errors.ts';
import { isObject, textIn } from '../wire/json-shape.ts';

/** How deep packages wrap what the network threw. */
const DEEPEST = 5;

/** What broke below HTTP, by the codes of Node and of its `fetch` → the kind of fault; undefined when nothing did. */
export function fromNetworkError(thrown: unknown): ProviderFault | undefined {
  let error = thrown;
  for (let depth = 0; depth < DEEPEST && isObject(error); depth++) {
    const kind = fromCode(textIn(error, 'code') ?? '');
    if (kind) return kind;
    if (error.name === 'TimeoutError') return 'timeout';
    error = error.cause;
  }
  return undefined;
}

function fromCode(code: string): ProviderFault | undefined {
  if (/^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$|^ETIMEDOUT$/.test(code)) return 'timeout';
  if (/^HPE_|^UND_ERR_HEADERS_OVERFLOW$/.test(code)) return 'malformed';
  // A file that is not there, or not for us: packages read nothing from the disk but credentials.
  if (/^E(NOENT|ACCES|ISDIR)$/.test(code)) return 'unauthorized';
  return /^UND_ERR_|^E[A-Z_]+$|^ERR_(TLS|SSL)|^CERT_|_CERT/.test(code) ? 'unavailable' : undefined;
}
