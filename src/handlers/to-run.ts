import type { components } from '../../generated/types/2026-11-01.ts';
import type { Run, RunError } from '../core/run.ts';
import { toMessage } from './to-message.ts';
import { toTimestamp } from './to-timestamp.ts';

export type ContractRun = components['schemas']['Run'];

/** A run as its client may see it: whose it is and by which key stays inside. */
export function toRun(run: Run): ContractRun {
  const { user: _, keyId: __, message, error, createdAt, endedAt, ...rest } = run;
  return {
    ...rest,
    ...(message ? { message: toMessage(message) } : {}),
    ...(error ? { error: toRunError(error) } : {}),
    createdAt: toTimestamp(createdAt),
    ...(endedAt === undefined ? {} : { endedAt: toTimestamp(endedAt) }),
  };
}

function toRunError({ message, ...error }: RunError): components['schemas']['RunError'] {
  return { ...error, detail: message };
}
