import type { components } from '../../generated/types/2026-11-01.ts';
import type { GatewayError } from '../core/errors.ts';

export type Problem = components['schemas']['Problem'];

/** An error of the catalogue as problem details (RFC 9457). Its cause stays in the log. */
export function toProblem(error: GatewayError, requestId: string): Problem {
  const { status, title } = error.entry;
  return {
    type: `/docs#${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    requestId,
    retryable: error.retryable,
    ...(error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter }),
    ...(error.faults ? { errors: error.faults.map(({ pointer, message }) => ({ pointer, detail: message })) } : {}),
    ...(error.supported ? { supported: error.supported } : {}),
  };
}
