import errors from 'undici/lib/core/errors.js';
import type { ProviderFault } from '../../core/errors.ts';

/**
 * What broke below HTTP → the kind of fault. A broken connection is `unavailable` at any point of the answer, also in
 * the middle; only bytes that are not HTTP are `malformed`.
 */
export function fromTransportError(error: unknown): ProviderFault {
  if (error instanceof errors.ConnectTimeoutError || error instanceof errors.HeadersTimeoutError) return 'timeout';
  if (error instanceof errors.BodyTimeoutError) return 'timeout';
  if (error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError) return 'malformed';
  return 'unavailable';
}
