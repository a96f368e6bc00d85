import type { Deadlines } from './config.ts';
import type { ProviderFile } from './contract.ts';
import { defaults } from './defaults.ts';

export function resolveDeadlines({ deadlines }: ProviderFile): Deadlines {
  const waits = { ...defaults.deadlines, ...deadlines };
  return { connectMs: waits.connect, firstChunkMs: waits.firstChunk, idleMs: waits.idle, totalMs: waits.total };
}
