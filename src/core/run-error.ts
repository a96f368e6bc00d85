import { GatewayError } from './errors.ts';
import type { RunError } from './run.ts';

/** What is kept of a run's failure. */
export function toRunError(error: GatewayError): RunError {
  return {
    code: error.code,
    message: error.message,
    retryable: error.retryable,
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
  };
}

/** The failure, for somebody who waited for the run as a whole. */
export function fromRunError({ code, message, retryable, retryAfter }: RunError): GatewayError {
  return new GatewayError(code, message, { retryable, ...(retryAfter === undefined ? {} : { retryAfter }) });
}
