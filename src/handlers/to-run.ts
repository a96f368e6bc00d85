import type { components } from '../../generated/types/2026-11-01.ts';
import type { Run, RunError } from '../core/run.ts';
import type { Usage } from '../core/usage.ts';
import { toCost } from './to-cost.ts';
import { toMessage } from './to-message.ts';
import { toTimestamp } from './to-timestamp.ts';

export type ContractRun = components['schemas']['Run'];

/** A run as its client may see it: whose it is and by which key stays inside. */
export function toRun(run: Run): ContractRun {
  const { user: _, keyId: __, message, usage, tokens, error, createdAt, endedAt, ...rest } = run;
  return {
    ...rest,
    ...(message ? { message: toMessage(message) } : {}),
    ...(usage ? { usage: toUsage(usage) } : {}),
    ...(tokens ? { limits: { tokens: { ...tokens, resetAt: toTimestamp(tokens.resetAt) } } } : {}),
    ...(error ? { error: toRunError(error) } : {}),
    createdAt: toTimestamp(createdAt),
    ...(endedAt === undefined ? {} : { endedAt: toTimestamp(endedAt) }),
  };
}

function toUsage({ cost, cacheWriteTokens: _, ...tokens }: Usage): components['schemas']['Usage'] {
  return { ...tokens, ...(cost === undefined ? {} : { cost: toCost(cost) }) };
}

function toRunError({ message, ...error }: RunError): components['schemas']['RunError'] {
  return { ...error, detail: message };
}
