import type { components } from '../../../generated/types/2026-03-01.ts';
import type { Problem } from '../../handlers/to-problem.ts';

type ErrorMembers = components['schemas']['Error']['error'];

/** A problem in the envelope: title, status and whether to retry stay in the catalogue and the headers. */
export function toError(problem: Problem): components['schemas']['Error'] {
  return { success: false, error: toErrorMembers(problem) };
}

export function toErrorMembers({ code, detail, retryAfter, errors, supported }: Problem): ErrorMembers {
  return {
    code,
    message: detail,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(errors ? { details: errors.map((fault) => ({ pointer: fault.pointer, message: fault.detail })) } : {}),
    ...(supported ? { supported } : {}),
  };
}
