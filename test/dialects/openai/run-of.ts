import type { Run } from '../../../src/core/run.ts';

export function runOf(more: Partial<Run>): Run {
  return {
    id: 'run_01kaq3w8x4m2v9t6r5e1z0c7bd',
    sessionId: 's-1',
    user: 'ann',
    channel: 'api',
    state: 'completed',
    model: 'gpt-4o',
    attempts: 1,
    createdAt: 1_794_299_400_123,
    endedAt: 1_794_299_401_999,
    ...more,
  };
}
