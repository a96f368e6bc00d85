import type { ProviderError } from '../errors.ts';

/** Whether another provider may answer what this one did not. */
export function otherMayDo(error: ProviderError): boolean {
  switch (error.kind) {
    case 'unavailable':
    case 'rate_limited':
    case 'timeout':
    case 'unauthorized':
    case 'malformed':
    case 'model_not_found':
    // What one wire cannot say another can.
    case 'unsupported_parameter':
      return true;
    case 'invalid_request':
    case 'context_too_long':
      return false;
  }
}

/** Whether the same provider may answer on another try. What it says itself (`x-should-retry`) comes first. */
export function mayRetry(error: ProviderError): boolean {
  if (error.shouldRetry !== undefined) return error.shouldRetry;
  switch (error.kind) {
    case 'unavailable':
    case 'rate_limited':
    case 'timeout':
    case 'malformed':
      return true;
    case 'unauthorized':
    case 'model_not_found':
    case 'invalid_request':
    case 'unsupported_parameter':
    case 'context_too_long':
      return false;
  }
}
