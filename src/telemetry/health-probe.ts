import { totalmem } from 'node:os';

/** Bytes that this process holds, and bytes that it may hold: the container's limit, else the machine's memory. */
export function readMemory(): { used: number; total: number } {
  const limit = process.constrainedMemory();
  const machine = totalmem();
  return { used: process.memoryUsage.rss(), total: limit > 0 ? Math.min(limit, machine) : machine };
}
